using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Paths inside archives: nothing that a program which unpacks them would write outside its folder, or not at all.</summary>
internal static class ArchivePath
{
    /// <summary>As long as Linux allows; others allow less.</summary>
    public const int MaxCharacters = 4096;

    private const int MaxShownCharacters = 100;

    /// <summary>With '/', without "./" at the start.</summary>
    /// <param name="name">As the archive has it.</param>
    /// <param name="format">For the message, as people call it: "ZIP".</param>
    /// <exception cref="ExtractionException">UnsafeArchive.</exception>
    public static string Checked(string name, string format)
    {
        var path = name.Replace('\\', '/');
        if (path.Length > MaxCharacters)
        {
            throw Unsafe(format, string.Create(CultureInfo.InvariantCulture, $"has an entry whose path is {path.Length} characters long; the limit is {MaxCharacters}"));
        }

        var leadsOut = path.StartsWith('/') || path is [_, ':', ..] || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Contains("..");
        return leadsOut ? throw Unsafe(format, $"has an entry \"{Shown(name)}\", which leads out of the archive")
            : path.StartsWith("./", StringComparison.Ordinal) ? path[2..]
            : path;
    }

    /// <param name="format">As people call it.</param>
    /// <param name="problem">What the archive does.</param>
    public static ExtractionException Unsafe(string format, string problem) => new(
        ExtractionErrorCode.UnsafeArchive, $"content: the {format} {problem}.", "Pack the files again with a usual program, from inside their folder.");

    private static string Shown(string name)
    {
        var length = Math.Min(name.Length, MaxShownCharacters);
        length -= length > 0 && char.IsHighSurrogate(name[length - 1]) ? 1 : 0;
        return name[..length].Replace("\0", "\\0", StringComparison.Ordinal) + (length < name.Length ? "…" : "");
    }
}
