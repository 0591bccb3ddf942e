namespace RagPlatform.CommandLine.Ingest;

/// <summary>A file to ingest. <see cref="Id"/> is its path from the current folder, with "/", unless the user says otherwise.</summary>
internal sealed record InputFile(string FullPath, string Id, Uri Uri);

/// <summary>Turns what the user typed into files.</summary>
internal static class InputFiles
{
    /// <summary>Every file once, in the order named.</summary>
    /// <exception cref="CommandException">Something that was named is not there, or holds no document.</exception>
    public static IReadOnlyList<InputFile> Expand(IEnumerable<string> named, string currentDirectory)
    {
        var files = new List<string>();
        foreach (var name in named)
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                // Else a script's unset variable would mean the whole current folder.
                throw new CommandException("a path is empty.", "For the current folder say: .", ExitCode.Usage);
            }

            var path = Path.GetFullPath(name, currentDirectory);
            if (File.Exists(path))
            {
                files.Add(path);
            }
            else if (Directory.Exists(path))
            {
                files.AddRange(NotNone(DocumentFolder.Files(path).Where(DocumentFolder.IsDocument), $"{name} holds no documents.", $"Looked for {DocumentFolder.Endings} in it and below."));
            }
            else if (Glob.IsPattern(name))
            {
                files.AddRange(NotNone(Glob.Find(name, currentDirectory), $"{name} matches no file.", "* and ? stay within a folder, ** goes through folders."));
            }
            else
            {
                throw new CommandException($"{name} does not exist.", "Name a file, a folder, a pattern, or - for standard input.");
            }
        }

        return [.. files.Distinct(StringComparer.Ordinal).Select(file => Describe(file, currentDirectory))];
    }

    public static InputFile Describe(string fullPath, string currentDirectory) =>
        new(fullPath, Path.GetRelativePath(currentDirectory, fullPath).Replace('\\', '/'), new Uri(fullPath));

    private static List<string> NotNone(IEnumerable<string> files, string message, string remedy)
    {
        var found = files.ToList();
        return found.Count > 0 ? found : throw new CommandException(message, remedy);
    }
}
