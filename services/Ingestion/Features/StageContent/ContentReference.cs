using System.Security.Cryptography;

namespace RagPlatform.Ingestion.Features.StageContent;

/// <summary>Names staged content by its SHA-256: "sha256:" and 64 lower-case hex digits. It is good within its tenant alone.</summary>
/// <param name="Hash">64 lower-case hex digits.</param>
public sealed record ContentReference(string Hash)
{
    private const string Scheme = "sha256:";

    /// <summary>The id of a document that was put without id and uri: the same as if the content had come with it.</summary>
    public string DefaultId => Hash[..32];

    public static ContentReference Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>Null when it is none.</summary>
    public static ContentReference? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == Scheme.Length + (2 * SHA256.HashSizeInBytes) && text.StartsWith(Scheme, StringComparison.Ordinal)
            && text.Skip(Scheme.Length).All(char.IsAsciiHexDigitLower)
            ? new ContentReference(text[Scheme.Length..])
            : null;
    }

    public override string ToString() => Scheme + Hash;
}
