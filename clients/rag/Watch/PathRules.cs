using System.Text.RegularExpressions;
using RagPlatform.CommandLine.Ingest;

namespace RagPlatform.CommandLine.Watch;

/// <summary>
/// Which files below a watched folder are documents. Patterns are those of .gitignore (https://git-scm.com/docs/gitignore)
/// with *, ? and **: one without a slash matches a name at any depth, one with a slash a path from the folder, one that
/// ends with a slash folders with all below. What is excluded stays out, whatever includes it.
/// </summary>
internal sealed class PathRules
{
    private readonly List<Regex> includedFiles;
    private readonly List<Regex> excludedFiles;
    private readonly List<Regex> excludedFolders;

    /// <param name="includes">Files that are documents; those with the usual endings when there is none.</param>
    /// <param name="excludes">Files and folders that are left out.</param>
    public PathRules(IEnumerable<string> includes, IEnumerable<string> excludes)
    {
        includedFiles = [.. includes.Select(pattern => Glob.ToRegex(pattern.EndsWith('/') ? $"{Anchor(pattern)}**" : Anchor(pattern)))];
        var excluded = excludes.ToList();
        excludedFiles = [.. excluded.Where(pattern => !pattern.EndsWith('/')).Select(pattern => Glob.ToRegex(Anchor(pattern)))];
        excludedFolders = [.. excluded.Select(pattern => Glob.ToRegex(Anchor(pattern).TrimEnd('/')))];
    }

    /// <param name="path">From the watched folder, with "/".</param>
    public bool IsDocument(string path) =>
        (includedFiles.Count == 0 ? DocumentFolder.IsDocument(path) : includedFiles.Exists(pattern => pattern.IsMatch(path)))
        && !excludedFiles.Exists(pattern => pattern.IsMatch(path));

    /// <summary>Hidden folders and node_modules are never entered, as rag ingest does not.</summary>
    /// <param name="path">From the watched folder, with "/" between, none at the end.</param>
    public bool IsEntered(string path) =>
        path[(path.LastIndexOf('/') + 1)..] is var name && !name.StartsWith('.') && name != "node_modules"
        && !excludedFolders.Exists(pattern => pattern.IsMatch(path));

    private static string Anchor(string pattern)
    {
        var path = pattern.TrimEnd('/');
        return path.Contains('/', StringComparison.Ordinal) ? pattern.TrimStart('/') : $"**/{pattern}";
    }
}
