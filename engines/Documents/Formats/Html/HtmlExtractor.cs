using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;

namespace RagPlatform.Documents;

/// <summary>
/// The stored text is the readable text of the page. It is read from AngleSharp's token stream, without a tree: one
/// pass, so that neither depth nor malformed nesting costs more than its length.
/// </summary>
internal sealed partial class HtmlExtractor
{
    private readonly HtmlTextBuilder _builder = new();
    private readonly HtmlMetadata _metadata = new();
    private readonly HtmlRegions _regions = new();
    private OpenElement? _skipped;
    private bool _inTitle;
    private bool _dropsNewLine;

    /// <param name="source">The page.</param>
    /// <param name="keepsAll">It is a chapter and no page of a site: its headers, asides and footers are the author's too.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    public static ExtractedDocument Extract(string source, bool keepsAll, CancellationToken cancellationToken) => new HtmlExtractor().Read(source, keepsAll, cancellationToken);

    private ExtractedDocument Read(string source, bool keepsAll, CancellationToken cancellationToken)
    {
        using var text = new TextSource(source);
        using var tokenizer = new HtmlTokenizer(text, HtmlEntityProvider.Resolver)
        {
            SkipComments = true,
            DisableElementPositionTracking = true,
            ShouldEmitAttribute = static (ref StructHtmlToken _, ReadOnlyMemory<char> name) => HtmlElements.IsReadAttribute(name.Span),
        };
        for (uint tokens = 0; ; tokens++)
        {
            if (tokens % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

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
                    _builder.End();
                    return HtmlContent.Build(_builder.Blocks, _metadata.Title, _metadata.Properties, keepsAll);
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
            _metadata.AddTitle(text);
        }
        else if (_skipped is null)
        {
            _builder.AddText(text);
        }
    }

    private void Start(string name, ref StructHtmlToken token)
    {
        _dropsNewLine = false;
        _regions.Start(name, ref token);
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

        if (HtmlElements.IsSkipped(name) || HtmlRegions.IsHidden(name, ref token))
        {
            if (!(name is "svg" or "math" && token.IsSelfClosing))
            {
                _skipped = new OpenElement(name);
            }

            return;
        }

        if (StaysInBlock(name))
        {
            if (name == "li")
            {
                _builder.SeparateItems();
            }

            return;
        }

        if (HtmlElements.IsBlockLevel(name))
        {
            _builder.EndBlock();
            // A block with a structure of its own shows that the table is only there for the layout.
            _builder.EndRow();
            _builder.Region = _regions.Current;
            // A heading whose end was forgotten ends here.
            _builder.HeadingLevel = HtmlElements.IsPlainInCell(name) && name != "p" ? _builder.HeadingLevel : 0;
        }

        Open(name, ref token);
    }

    /// <summary>In a cell, and between the lines of code, blocks only separate words.</summary>
    private bool StaysInBlock(string name)
    {
        if (_builder.InRow && (HtmlElements.IsPlainInCell(name) || (_builder.InDataRow && HtmlElements.IsBlockLevel(name) && !HtmlElements.IsTablePart(name))))
        {
            _builder.AddSpace();
            return true;
        }

        if (_builder.InPreformatted && name is "div" or "p")
        {
            _builder.AddLineEnd();
            return true;
        }

        return false;
    }

    private void Open(string name, ref StructHtmlToken token)
    {
        switch (name)
        {
            case "title":
                _inTitle = !_metadata.HasTitle;
                break;
            case "html":
                _metadata.SetLanguage(Attribute(ref token, "lang"));
                break;
            case "meta":
                AddMeta(ref token);
                break;
            case "a":
                StartLink(Attribute(ref token, "href"));
                break;
            case "table":
                _builder.StartTable();
                break;
            case "dt":
                _builder.Definition = HtmlDefinition.Term;
                break;
            case "dd":
                _builder.Definition = HtmlDefinition.Description;
                break;
            case "code" when _builder.InPreformatted:
                SetCodeLanguage(ref token);
                break;
            case "ul":
                _builder.StartList(firstNumber: null);
                break;
            case "ol":
                _builder.StartList(Number(ref token, "start", NumberStyles.AllowLeadingSign));
                break;
            case "li":
                _builder.StartItem();
                break;
            case "pre":
                _builder.StartPreformatted();
                SetCodeLanguage(ref token);
                _dropsNewLine = true;
                break;
            case "blockquote":
                _builder.StartQuote();
                break;
            case "tr":
                _builder.StartRow();
                break;
            case "td" or "th":
                _builder.StartCell(name == "th", Number(ref token, "colspan"), Number(ref token, "rowspan"));
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

    private void StartLink(string target)
    {
        // A place on the page itself, or a program: nothing to go to.
        if (target.Length > 0 && target[0] != '#' && target.Length <= HtmlElements.MaxAttributeCharacters && !target.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))
        {
            _builder.StartLink(target);
        }
    }

    private void SetCodeLanguage(ref StructHtmlToken token)
    {
        if (CodeLanguage.Match(Attribute(ref token, "class")) is { Success: true } language)
        {
            _builder.SetCodeLanguage(language.Groups["name"].Value.ToLowerInvariant());
        }
    }

    private void AddMeta(ref StructHtmlToken token)
    {
        foreach (var naming in new[] { "name", "property", "http-equiv", "itemprop" })
        {
            if (Attribute(ref token, naming) is { Length: > 0 } field)
            {
                _metadata.AddField(field, Attribute(ref token, "content"));
            }
        }
    }

    private static string Attribute(ref StructHtmlToken token, string name) => token.GetAttribute(name).Memory.ToString();

    private static int Number(ref StructHtmlToken token, string name, NumberStyles styles = NumberStyles.None) =>
        int.TryParse(token.GetAttribute(name).Memory.Span, styles, CultureInfo.InvariantCulture, out var number) ? number : 1;

    private void End(string name)
    {
        EndElement(name);
        _regions.End(name);
        _builder.Region = _regions.Current;
    }

    private void EndElement(string name)
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

        if (StaysInBlock(name))
        {
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
            case "a":
                _builder.EndLink();
                break;
            case "dt" or "dd" or "dl":
                _builder.Definition = HtmlDefinition.None;
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

    [GeneratedRegex(@"(?:^|\s)(?:language|lang|highlight-source|brush:)-?\s?(?<name>[A-Za-z0-9+#]{1,20})", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CodeLanguage { get; }
}
