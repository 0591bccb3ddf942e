using System.Globalization;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>How a caller names an adapter: its id, NAME for the one that is promoted, or NAME:VERSION.</summary>
/// <param name="Id">Null where it is by name.</param>
/// <param name="Name">Null where it is by id.</param>
/// <param name="Version">Null for the promoted one.</param>
internal sealed record AdapterReference(string? Id, string? Name, int? Version)
{
    public const string IdPrefix = "adapter-";
    public const int IdDigits = 24;
    public const int MaxNameCharacters = 128;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: it is none of these.</exception>
    public static AdapterReference Parse(string text, string field)
    {
        if (IsId(text))
        {
            return new AdapterReference(text, null, null);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (!IsName(name))
        {
            throw AdapterErrors.ReferenceInvalid(field, text);
        }

        if (colon < 0)
        {
            return new AdapterReference(null, name, null);
        }

        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 1
            ? new AdapterReference(null, name, version)
            : throw AdapterErrors.ReferenceInvalid(field, text);
    }

    /// <summary>PROJECT/SUFFIX of lower-case letters, digits and hyphens.</summary>
    public static bool IsName(string name) =>
        name.Length <= MaxNameCharacters && name.Split('/') is [{ Length: > 0 } project, { Length: > 0 } suffix] && IsWord(project) && IsWord(suffix);

    private static bool IsId(string text) =>
        text.Length == IdPrefix.Length + IdDigits && text.StartsWith(IdPrefix, StringComparison.Ordinal) && text.Skip(IdPrefix.Length).All(char.IsAsciiHexDigitLower);

    private static bool IsWord(string text) => text.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_');
}
