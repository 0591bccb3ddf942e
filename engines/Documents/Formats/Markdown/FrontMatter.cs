using System.Globalization;
using Markdig.Extensions.Yaml;

namespace RagPlatform.Documents;

/// <summary>
/// The YAML between "---" lines at the top of a Markdown file: it describes the document and is not part of it. Read are scalars
/// and lists of scalars at the top level; what is nested deeper is nobody's title.
/// </summary>
internal sealed class FrontMatter
{
    private const int MaxFields = 64;
    private const int MaxValueCharacters = 1024;

    private static readonly string[] Titles = ["title"];
    private static readonly string[] Authors = ["author", "authors", "ms.author", "by"];
    private static readonly string[] Languages = ["lang", "language", "locale"];
    private static readonly string[] Created = ["date", "created", "published", "publishdate", "pubdate"];
    private static readonly string[] Modified = ["updated", "modified", "lastmod", "last_modified", "last-modified", "ms.date"];

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private FrontMatter()
    {
    }

    public static FrontMatter None { get; } = new();

    /// <summary>Empty when there is none.</summary>
    public string Title => Find(Titles);

    public DocumentProperties Properties => new()
    {
        Author = Find(Authors),
        Language = HtmlMetadata.PrimaryTag(Find(Languages)),
        CreatedAt = HtmlMetadata.Time(Find(Created)),
        ModifiedAt = HtmlMetadata.Time(Find(Modified)),
        Metadata = _fields.Where(entry => !IsProperty(entry.Key)).ToDictionary(entry => entry.Key.ToLower(CultureInfo.InvariantCulture), entry => entry.Value, StringComparer.Ordinal),
    };

    public static FrontMatter Read(YamlFrontMatterBlock block)
    {
        var frontMatter = new FrontMatter();
        var key = "";
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var line = block.Lines.Lines[i].Slice.AsSpan();
            var content = line.Trim();
            if (content.IsEmpty || content[0] == '#')
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]) || content[0] == '-')
            {
                frontMatter.Append(key, content[0] == '-' ? content[1..].Trim() : content);
                continue;
            }

            var colon = content.IndexOf(':');
            key = colon > 0 && (colon == content.Length - 1 || content[colon + 1] == ' ') ? Scalar(content[..colon]).ToString() : "";
            if (key.Length > 0)
            {
                frontMatter.Append(key, content[(colon + 1)..].Trim());
            }
        }

        return frontMatter;
    }

    private void Append(string key, ReadOnlySpan<char> value)
    {
        if (value is ['[', .. var items, ']'])
        {
            foreach (var item in items.Split(','))
            {
                var scalar = items[item].Trim();
                // Lists in the list are nested deeper.
                if (scalar is not (['[', ..] or [.., ']']))
                {
                    AppendScalar(key, scalar);
                }
            }
        }
        else
        {
            AppendScalar(key, value);
        }
    }

    private void AppendScalar(string key, ReadOnlySpan<char> value)
    {
        var scalar = Scalar(value);
        // A block scalar's marker, a nested map's key, or nothing yet.
        if (key.Length == 0 || scalar.IsEmpty || (!_fields.ContainsKey(key) && _fields.Count == MaxFields))
        {
            return;
        }

        var before = _fields.GetValueOrDefault(key, "");
        var joined = before.Length == 0 ? scalar.ToString() : $"{before}, {scalar}";
        _fields[key] = joined.Length <= MaxValueCharacters ? joined : before;
    }

    private string Find(string[] names) => names.Select(name => _fields.GetValueOrDefault(name, "")).FirstOrDefault(value => value.Length > 0) ?? "";

    private static bool IsProperty(string name) =>
        Titles.Concat(Authors).Concat(Languages).Concat(Created).Concat(Modified).Contains(name, StringComparer.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Scalar(ReadOnlySpan<char> value)
    {
        switch (value)
        {
            case ['"', .. var quoted, '"']:
                return quoted;
            case ['\'', .. var quoted, '\'']:
                return quoted;
            case ['>' or '|' or '{' or '&', ..]:
                // The value stands on the lines below, or is no scalar.
                return [];
            default:
                var comment = value.IndexOf(" #");
                return comment < 0 ? value : value[..comment].TrimEnd();
        }
    }
}
