using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>What an Office file says about itself: docProps/core.xml (ECMA-376 part 2, Dublin Core) and docProps/app.xml.</summary>
internal static class OfficeProperties
{
    private const int MaxValueCharacters = 1024;

    /// <summary>Titles that programs write when nobody gave one.</summary>
    private static readonly string[] NoTitles = ["PowerPoint Presentation", "PowerPoint-Präsentation", "Présentation PowerPoint", "Presentación de PowerPoint", "Word Document"];

    /// <returns>The title, empty where there is none, and the rest without a page count.</returns>
    public static (string Title, DocumentProperties Properties) Read(OfficePackage package)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        ReadInto(fields, package, package.PropertiesPath);
        ReadInto(fields, package, "docProps/app.xml");
        var title = fields.GetValueOrDefault("title", "");
        var metadata = new Dictionary<string, string>();
        foreach (var name in (ReadOnlySpan<string>)["subject", "keywords", "description", "category", "company"])
        {
            if (fields.TryGetValue(name, out var value))
            {
                metadata[name] = value;
            }
        }

        return (NoTitles.Contains(title) ? "" : title, new DocumentProperties
        {
            Author = string.Join("; ", fields.GetValueOrDefault("creator", "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
            Language = PrimaryLanguage(fields.GetValueOrDefault("language", "")),
            CreatedAt = Date(fields.GetValueOrDefault("created")),
            ModifiedAt = Date(fields.GetValueOrDefault("modified")),
            Metadata = metadata,
        });
    }

    /// <summary>"en-US" to "en"; empty for what is no language tag.</summary>
    public static string PrimaryLanguage(string tag)
    {
        var end = tag.AsSpan().Trim().IndexOfAny('-', '_');
        var primary = (end < 0 ? tag.Trim() : tag.Trim()[..end]).ToLowerInvariant();
        return primary.Length is 2 or 3 && primary.All(char.IsAsciiLetter) ? primary : "";
    }

    /// <summary>A date as W3CDTF writes it, from the year alone to fractions of a second; null for others.</summary>
    public static DateTimeOffset? Date(string? text)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        return DateTimeOffset.TryParseExact(text, ["yyyy", "yyyy-MM"], CultureInfo.InvariantCulture, styles, out var date)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out date)
            ? date
            : null;
    }

    private static void ReadInto(Dictionary<string, string> fields, OfficePackage package, string path)
    {
        foreach (var property in package.TryRead(path)?.Elements() ?? [])
        {
            var value = property.Value.Trim();
            if (value.Length is > 0 and <= MaxValueCharacters && !property.HasElements)
            {
                fields.TryAdd(property.Name.LocalName, value);
            }
        }
    }
}
