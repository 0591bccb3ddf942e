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
                var value = line[key.Length..].Trim();
                return (value is ['"', .. var quoted, '"'] ? quoted : value is ['\'', .. var single, '\''] ? single : value).ToString();
            }
        }

        return "";
    }
}
