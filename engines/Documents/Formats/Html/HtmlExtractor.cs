using System.Globalization;
using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;

namespace RagPlatform.Documents;

/// <summary>
/// The stored text is the readable text of the page. It is read from AngleSharp's token stream, without a tree: one
/// pass, so that neither depth nor malformed nesting costs more than its length.
/// </summary>
internal sealed class HtmlExtractor
{
    private const int MaxTitleCharacters = 1024;

    private readonly HtmlTextBuilder _builder = new();
    private readonly StringBuilder _title = new();
    private SkippedElement? _skipped;
    private bool _inTitle;
    private bool _dropsNewLine;

    public static ExtractedDocument Extract(string source) => new HtmlExtractor().Read(source);

    private ExtractedDocument Read(string source)
    {
        using var text = new TextSource(source);
        using var tokenizer = new HtmlTokenizer(text, HtmlEntityProvider.Resolver)
        {
            SkipComments = true,
            DisableElementPositionTracking = true,
            ShouldEmitAttribute = static (ref StructHtmlToken token, ReadOnlyMemory<char> name) => (name.Span is "alt" && token.Name == "img") || (name.Span is "start" && token.Name == "ol"),
        };
        while (true)
        {
            ref var token = ref tokenizer.GetStructToken();
            switch (token.Type)
            {
                case HtmlTokenType.StartTag:
                    var name = token.Name.ToString();
                    Start(name, ref token);
                    tokenizer.State = _skipped is { IsDrawing: true } ? HtmlParseMode.PCData : HtmlElements.ContentMode(name);
                    break;
                case HtmlTokenType.EndTag:
                    End(token.Name.ToString());
                    break;
                case HtmlTokenType.Character:
                    AddText(token.Data.Memory.Span);
                    break;
                case HtmlTokenType.EndOfFile:
                    return _builder.Build(string.Join(' ', _title.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }
        }
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        if (_dropsNewLine)
        {
            // A line break right after <pre> is not shown.
            text = text is ['\n', .. var rest] ? rest : text;
            _dropsNewLine = false;
        }

        if (_inTitle)
        {
            _title.Append(text[..Math.Min(text.Length, MaxTitleCharacters - _title.Length)]);
        }
        else if (_skipped is null)
        {
            _builder.AddText(text);
        }
    }

    private void Start(string name, ref StructHtmlToken token)
    {
        _dropsNewLine = false;
        if (_skipped is { } skipped)
        {
            if (!skipped.IsDrawing || !HtmlElements.IsBlockLevel(name))
            {
                skipped.Start(name);
                _skipped = token.IsSelfClosing && skipped.IsDrawing && skipped.EndsWith(name) ? null : skipped;
                return;
            }

            // An HTML block ends a drawing that was never closed.
            _skipped = null;
        }

        if (HtmlElements.IsSkipped(name))
        {
            if (!(name is "svg" or "math" && token.IsSelfClosing))
            {
                _skipped = new SkippedElement(name);
            }

            return;
        }

        if (_builder.InRow && HtmlElements.IsPlainInCell(name))
        {
            _builder.AddSpace();
            return;
        }

        if (HtmlElements.IsBlockLevel(name))
        {
            _builder.EndBlock();
            // A block with a structure of its own shows that the table is only there for the layout.
            _builder.EndRow();
            // A heading whose end was forgotten ends here.
            _builder.HeadingLevel = HtmlElements.IsPlainInCell(name) && name != "p" ? _builder.HeadingLevel : 0;
        }

        switch (name)
        {
            case "title":
                _inTitle = _title.Length == 0;
                break;
            case "ul":
                _builder.StartList(firstNumber: null);
                break;
            case "ol":
                _builder.StartList(int.TryParse(token.GetAttribute("start").Memory.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var first) ? first : 1);
                break;
            case "li":
                _builder.StartItem();
                break;
            case "pre":
                _builder.StartPreformatted();
                _dropsNewLine = true;
                break;
            case "blockquote":
                _builder.StartQuote();
                break;
            case "tr":
                _builder.StartRow();
                break;
            case "td" or "th":
                _builder.StartCell();
                break;
            case "br":
                _builder.AddLineBreak();
                break;
            case "img":
                AddAlternativeText(ref token);
                break;
            case var heading when HtmlElements.HeadingLevel(heading) > 0:
                _builder.HeadingLevel = HtmlElements.HeadingLevel(heading);
                break;
        }
    }

    private void AddAlternativeText(ref StructHtmlToken token)
    {
        _builder.AddSpace();
        _builder.AddText(token.GetAttribute("alt").Memory.Span);
        _builder.AddSpace();
    }

    private void End(string name)
    {
        _dropsNewLine = false;
        if (_skipped is { } skipped)
        {
            _skipped = skipped.EndsWith(name) ? null : skipped;
            if (_skipped is not null || HtmlElements.IsSkipped(name))
            {
                return;
            }
        }

        if (_builder.InRow && HtmlElements.IsPlainInCell(name))
        {
            _builder.AddSpace();
            return;
        }

        if (HtmlElements.IsBlockLevel(name))
        {
            _builder.EndBlock();
        }

        switch (name)
        {
            case "title":
                _inTitle = false;
                break;
            case "ul" or "ol":
                _builder.EndList();
                break;
            case "pre":
                _builder.EndPreformatted();
                break;
            case "blockquote":
                _builder.EndQuote();
                break;
            case "tr" or "table" or "tbody" or "tfoot" or "thead":
                _builder.EndRow();
                break;
            case var heading when HtmlElements.HeadingLevel(heading) > 0:
                _builder.HeadingLevel = 0;
                break;
        }
    }
}
