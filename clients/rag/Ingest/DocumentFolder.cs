namespace RagPlatform.CommandLine.Ingest;

/// <summary>The files of a folder and all below it that may be documents.</summary>
internal static class DocumentFolder
{
    /// <summary>
    /// What people write documents in. Of the formats that can be read, code, JSON and archives are left out: in most folders they
    /// are no documents. Named, or matched by a pattern, they are taken.
    /// </summary>
    private static readonly string[] DocumentEndings =
    [
        ".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx", ".pptx", ".xlsx", ".epub", ".eml", ".csv", ".tsv", ".jsonl", ".ipynb",
    ];

    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.System };

    /// <summary>For people: "*.md, *.txt".</summary>
    public static string Endings { get; } = string.Join(", ", DocumentEndings.Select(ending => "*" + ending));

    /// <summary>Whether a folder is asked for it: explicitly named files may have any ending.</summary>
    public static bool IsDocument(string path) =>
        !path.AsSpan(path.LastIndexOfAny(['/', Path.DirectorySeparatorChar]) + 1).StartsWith("~$") // Office's note that a document is open
        && DocumentEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>All files below, in ordinal order. Hidden folders, node_modules and links are left out: they hold no documents, or the same ones again.</summary>
    public static IEnumerable<string> Files(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", OneFolder).Order(StringComparer.Ordinal))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", OneFolder).Order(StringComparer.Ordinal).Where(IsEntered))
        {
            foreach (var file in Files(inner))
            {
                yield return file;
            }
        }
    }

    private static bool IsEntered(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && name != "node_modules"
        && !new DirectoryInfo(folder).Attributes.HasFlag(FileAttributes.ReparsePoint);
}
