using System.Text;
using System.Text.RegularExpressions;

namespace RagPlatform.CommandLine.Ingest;

/// <summary>Path patterns: <c>*</c> and <c>?</c> within a folder's name, <c>**</c> over any number of folders.</summary>
internal static class Glob
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>Existing files that match, in ordinal order of their full paths. Hidden folders are entered only where the pattern names them.</summary>
    public static IReadOnlyList<string> Find(string pattern, string currentDirectory)
    {
        var full = Path.GetFullPath(pattern.Replace('\\', '/'), currentDirectory).Replace('\\', '/');
        var firstWildcard = full.AsSpan().IndexOfAny('*', '?');
        var folder = full[..(full.LastIndexOf('/', firstWildcard) + 1)];
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var expression = ToRegex(full);
        return [.. DocumentFolder.Files(folder).Where(file => expression.IsMatch(file.Replace('\\', '/')))];
    }

    internal static Regex ToRegex(string pattern)
    {
        var expression = new StringBuilder("^");
        for (var index = 0; index < pattern.Length; index++)
        {
            switch (pattern[index])
            {
                case '*' when pattern.AsSpan(index).StartsWith("**/"):
                    expression.Append("(?:[^/]+/)*");
                    index += 2;
                    break;
                case '*' when pattern.AsSpan(index).StartsWith("**"):
                    expression.Append(".*");
                    index++;
                    break;
                case '*':
                    expression.Append("[^/]*");
                    break;
                case '?':
                    expression.Append("[^/]");
                    break;
                default:
                    expression.Append(Regex.Escape(pattern[index].ToString()));
                    break;
            }
        }

        return new Regex(expression.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTimeout);
    }
}
