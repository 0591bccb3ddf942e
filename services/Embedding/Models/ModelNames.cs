using System.Buffers;

namespace RagPlatform.Embedding.Models;

/// <summary>Which names are safe as folders, files, repositories and versions, whoever writes them.</summary>
internal static class ModelNames
{
    public const string IdRule = "1 to 96 of A-Z, a-z, 0-9, \".\", \"_\" and \"-\", beginning with a letter or digit, but not \"models.json\", which is the file of pins";
    public const int MaxFiles = 2048;

    /// <summary>Of one file: so many of them still add up within 64 bits.</summary>
    public const long MaxFileBytes = 1L << 40;

    public const int MaxSources = 8;
    private const int MaxIdCharacters = 96;
    private const int MaxRevisionCharacters = 128;
    private const int MaxPackageCharacters = 200;
    private const int MaxFileCharacters = 200;
    private const int CommitDigits = 40;
    private const int Sha256Digits = 64;

    private const string Word = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    private static readonly SearchValues<char> WordCharacters = SearchValues.Create(Word);
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Word + "/");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static bool IsId(string id) => IsWord(id) && id.Length <= MaxIdCharacters && !id.Equals(PinFile.FileName, StringComparison.OrdinalIgnoreCase);

    /// <summary>OWNER/REPOSITORY.</summary>
    public static bool IsRepository(string name) => name.Split('/') is [var owner, var repository] && IsId(owner) && IsId(repository);

    /// <summary>A branch, tag, commit or reference, such as "main" or "refs/pr/1".</summary>
    public static bool IsRevision(string revision) => IsPath(revision) && revision.Length <= MaxRevisionCharacters;

    public static bool IsCommit(string version) => version.Length == CommitDigits && !version.AsSpan().ContainsAnyExcept(HexDigits);

    public static bool IsSha256(string hash) => hash.Length == Sha256Digits && !hash.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>"package" or "@scope/package".</summary>
    public static bool IsNpmPackage(string name) => name.Length <= MaxPackageCharacters
        && (name.StartsWith('@') ? IsRepository(name[1..]) : IsWord(name));

    /// <summary>"1.2.3", or with a suffix such as "-beta.1".</summary>
    public static bool IsNpmVersion(string version) => IsWord(version) && version.Length <= MaxRevisionCharacters
        && version.Split('-')[0].Split('.') is { Length: 3 } numbers && numbers.All(number => number.Length > 0 && number.All(char.IsAsciiDigit));

    /// <summary>A relative path with "/" that cannot leave its folder, nor hide in it.</summary>
    public static bool IsFile(string name) => IsPath(name) && name.Length <= MaxFileCharacters;

    /// <summary>What npm, a shell or a file system might take for something else begins with another character.</summary>
    private static bool IsWord(string text) =>
        text.Length > 0 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_') && !text.AsSpan().ContainsAnyExcept(WordCharacters) && !text.Contains("..", StringComparison.Ordinal);

    private static bool IsPath(string text) => !text.AsSpan().ContainsAnyExcept(PathCharacters) && text.Split('/').All(IsWord);
}
