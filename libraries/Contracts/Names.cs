using System.Text.RegularExpressions;

namespace RagPlatform.Contracts;

/// <summary>What a tenant, a collection, a batch and a document may be called, everywhere.</summary>
public static partial class Names
{
    public const int MaxDocumentIdCharacters = 512;

    /// <summary>Tenants, collections and batches: 1 to 63 of a-z, 0-9, "_" and "-", not beginning with "_" or "-".</summary>
    public const string NamePattern = "[a-z0-9][a-z0-9_-]{0,62}";

    public static bool IsTenant(string? name) => name is not null && NameExpression.IsMatch(name);

    public static bool IsCollection(string? name) => name is not null && NameExpression.IsMatch(name);

    /// <summary>Of documents that are put together; as tenants and collections are named.</summary>
    public static bool IsBatch(string? name) => name is not null && NameExpression.IsMatch(name);

    /// <summary>Document ids: 1 to 512 characters, none of them a control character.</summary>
    public static bool IsDocumentId(string? id) =>
        !string.IsNullOrWhiteSpace(id) && id.Length <= MaxDocumentIdCharacters && !id.Any(char.IsControl);

    [GeneratedRegex(@"\A" + NamePattern + @"\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameExpression { get; }
}
