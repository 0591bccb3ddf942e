using System.Globalization;
using System.Net;
using System.Text;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction.Poppler;

/// <summary>What "pdftotext -bbox-layout" writes: a line of XHTML for each page, line and word, with their places in points.</summary>
internal sealed class PopplerOutput
{
    public const int MaxPages = 20_000;
    private const int MaxLines = 2_000_000;

    private readonly List<PdfPage> _pages = [];
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly StringBuilder _words = new();
    private List<PdfLine> _lines = [];
    private PdfLine? _line;
    private string _title = "";
    private long _characters;
    private int _lineCount;

    /// <exception cref="ExtractionException">TooLarge.</exception>
    public void Read(TextReader output)
    {
        while (output.ReadLine() is { } row)
        {
            var tag = row.AsSpan().TrimStart();
            if (tag.StartsWith("<word "))
            {
                AddWord(tag);
            }
            else if (tag.StartsWith("<line "))
            {
                _line = new PdfLine(Number(tag, "xMin"), Number(tag, "yMin"), Number(tag, "xMax"), Number(tag, "yMax"), "");
            }
            else if (tag.StartsWith("</line>"))
            {
                EndLine();
            }
            else if (tag.StartsWith("<page "))
            {
                StartPage(tag);
            }
            else if (tag.StartsWith("<title>"))
            {
                _title = Content(tag);
            }
            else if (tag.StartsWith("<meta name=\""))
            {
                _fields[Attribute(tag, "name").ToString()] = WebUtility.HtmlDecode(Attribute(tag, "content").ToString());
            }
        }
    }

    /// <param name="complaints">What the program said beside; empty when all was well.</param>
    public PdfText ToText(string complaints) => new(
        _pages,
        _title.Trim(),
        new DocumentProperties
        {
            Author = _fields.GetValueOrDefault("Author", "").Trim() is var author && author is "(anonymous)" ? "" : author,
            CreatedAt = Time("CreationDate"),
            ModifiedAt = Time("ModDate"),
        })
    {
        Warnings = complaints.Length > 0 ? [$"The PDF is damaged and may have lost text: {complaints}"] : [],
    };

    private void StartPage(ReadOnlySpan<char> tag)
    {
        if (_pages.Count == MaxPages)
        {
            throw TooLarge($"more than {MaxPages} pages");
        }

        _lines = [];
        _pages.Add(new PdfPage(Number(tag, "height"), _lines));
    }

    private void AddWord(ReadOnlySpan<char> tag)
    {
        var word = Content(tag).Trim();
        _characters += word.Length + 1;
        if (_characters > DocumentExtractor.MaxTextCharacters)
        {
            throw TooLarge($"more than {DocumentExtractor.MaxTextCharacters} characters of text");
        }

        if (word.Length > 0)
        {
            _words.Append(_words.Length > 0 ? " " : "").Append(word);
        }
    }

    private void EndLine()
    {
        if (_line is { } line && _words.Length > 0 && line.Right >= line.Left && line.Bottom >= line.Top)
        {
            if (++_lineCount > MaxLines)
            {
                throw TooLarge($"more than {MaxLines} lines");
            }

            _lines.Add(line with { Text = _words.ToString() });
        }

        _words.Clear();
        _line = null;
    }

    private DateTimeOffset? Time(string field)
    {
        var text = _fields.GetValueOrDefault(field, "");
        // It writes "+01" for an hour, and minutes only where there are some.
        return DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:sszz", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static double Number(ReadOnlySpan<char> tag, string attribute) =>
        double.TryParse(Attribute(tag, attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Math.Clamp(number, -1e6, 1e6) : 0;

    private static ReadOnlySpan<char> Attribute(ReadOnlySpan<char> tag, string attribute)
    {
        var start = tag.IndexOf($" {attribute}=\"");
        if (start < 0)
        {
            return [];
        }

        var value = tag[(start + attribute.Length + 3)..];
        var end = value.IndexOf('"');
        return end < 0 ? [] : value[..end];
    }

    /// <summary>Between the first ">" and the last "&lt;"; letters that a font joins come apart ("ﬁ" is "fi").</summary>
    private static string Content(ReadOnlySpan<char> tag)
    {
        var start = tag.IndexOf('>') + 1;
        var end = tag.LastIndexOf('<');
        if (end <= start)
        {
            return "";
        }

        var text = WebUtility.HtmlDecode(tag[start..end].ToString());
        return text.AsSpan().ContainsAnyInRange('\uFB00', '\uFB06') ? string.Concat(text.Select(letter => letter is >= '\uFB00' and <= '\uFB06' ? $"{letter}".Normalize(NormalizationForm.FormKC) : $"{letter}")) : text;
    }

    private static ExtractionException TooLarge(string what) => new(
        ExtractionErrorCode.TooLarge, $"content is a PDF of {what}, which is the limit.", "Split the document into smaller ones.");
}
