using Markdig.Extensions.Yaml;

namespace RagPlatform.Documents;

/// <summary>The YAML between "---" lines at the top of a Markdown file: it describes the document and is not part of it.</summary>
internal static class FrontMatter
{
    /// <summary>The value of the top-level "title", unquoted; empty when there is none on one line.</summary>
    public static string Title(YamlFrontMatterBlock block)
    {
        const string key = "title:";
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var line = block.Lines.Lines[i].Slice.AsSpan();
            if (line.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            {
                return Scalar(line[key.Length..].Trim()).ToString();
            }
        }

        return "";
    }

    private static ReadOnlySpan<char> Scalar(ReadOnlySpan<char> value)
    {
        switch (value)
        {
            case ['"', .. var quoted, '"']:
                return quoted;
            case ['\'', .. var quoted, '\'']:
                return quoted;
            case ['>' or '|', ..]:
                // The value stands on the lines below.
                return [];
            default:
                var comment = value.IndexOf(" #");
                return comment < 0 ? value : value[..comment].TrimEnd();
        }
    }
}
