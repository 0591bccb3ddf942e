using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>What a page says about itself: its title and language, and its meta elements.</summary>
internal sealed class HtmlMetadata
{
    private const int MaxValueCharacters = 1024;

    private static readonly string[] Authors = ["author", "article:author", "dc.creator", "citation_author", "parsely-author"];
    private static readonly string[] Created = ["article:published_time", "date", "dc.date", "datepublished", "citation_publication_date", "pubdate", "parsely-pub-date"];
    private static readonly string[] Modified = ["article:modified_time", "og:updated_time", "last-modified", "datemodified", "revised"];
    private static readonly string[] Kept = ["description", "keywords"];

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly StringBuilder _title = new();
    private string _language = "";

    public bool HasTitle => _title.Length > 0;

    /// <summary>Of the page itself, else what it is shared as; empty where there is none.</summary>
    public string Title => OneLine(_title.ToString()) is { Length: > 0 } title ? title : OneLine(Field("og:title"));

    public DocumentProperties Properties => new()
    {
        Language = _language.Length > 0 ? _language : PrimaryTag(Field("content-language")),
        // An author's address is no name.
        Author = Authors.Select(Field).FirstOrDefault(author => author.Length > 0 && !author.Contains("://", StringComparison.Ordinal)) ?? "",
        CreatedAt = Time(Created),
        ModifiedAt = Time(Modified),
        Metadata = Kept.Where(name => Field(name).Length > 0).ToDictionary(name => name, Field, StringComparer.Ordinal),
    };

    public void AddTitle(ReadOnlySpan<char> text) => _title.Append(text[..Math.Min(text.Length, MaxValueCharacters - _title.Length)]);

    public void SetLanguage(string tag) => _language = _language.Length == 0 ? PrimaryTag(tag) : _language;

    public void AddField(string name, string content)
    {
        if (_fields.Count < 1000 && content.Length <= MaxValueCharacters)
        {
            _fields.TryAdd(name.Trim(), content.Trim());
        }
    }

    /// <summary>"en" of "en-US"; empty where it is no language tag.</summary>
    internal static string PrimaryTag(string tag)
    {
        var primary = tag.Trim().Split('-', '_')[0].ToLowerInvariant();
        return primary.Length is 2 or 3 && primary.All(char.IsAsciiLetterLower) ? primary : "";
    }

    internal static DateTimeOffset? Time(string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private DateTimeOffset? Time(string[] fields) => fields.Select(field => Time(Field(field))).FirstOrDefault(time => time is not null);

    private string Field(string name) => _fields.GetValueOrDefault(name, "");

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
