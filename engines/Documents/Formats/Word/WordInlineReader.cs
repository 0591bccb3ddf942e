using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// The text of paragraphs as the finished document shows it: with insertions and without deletions, results of fields and not
/// their instructions. What stands beside the text (text boxes, notes, comments) is collected.
/// </summary>
internal sealed class WordInlineReader(WordPart part)
{
    private readonly WordFields _fields = new();
    private readonly Dictionary<string, int> _charactersByLanguage = new(StringComparer.Ordinal);
    private InlineTextBuilder _text = new();

    /// <summary>Text boxes that the paragraphs hold, in order.</summary>
    public Queue<XElement> TextBoxes { get; } = new();

    /// <summary>Parts with charts and diagrams, in order.</summary>
    public Queue<Relationship> Drawings { get; } = new();

    /// <summary>References to notes and comments, in order.</summary>
    public Queue<(WordNoteKind Kind, string Id)> Notes { get; } = new();

    /// <summary>What a reference in the text looks like; empty for one that does not show.</summary>
    public Func<WordNoteKind, string, string> Mark { get; init; } = static (_, _) => "";

    /// <summary>Page breaks that Word noted when it last laid the document out.</summary>
    public int PageBreaks { get; set; }

    /// <summary>Those of <see cref="PageBreaks"/> that came before the last paragraph's first visible character.</summary>
    public int PageBreaksBeforeText { get; private set; }

    public bool HasHiddenText { get; private set; }

    /// <summary>Of most characters; empty where none is declared.</summary>
    public string Language => _charactersByLanguage.Count == 0 ? "" : _charactersByLanguage.MaxBy(entry => entry.Value).Key;

    public InlineText Read(XElement paragraph)
    {
        _text = new InlineTextBuilder();
        PageBreaksBeforeText = PageBreaks;
        foreach (var child in paragraph.Elements())
        {
            ReadNode(child);
        }

        _fields.EndParagraph(_text);
        return _text.Build();
    }

    private void ReadNode(XElement node)
    {
        switch (node.Name.LocalName)
        {
            case "del" or "moveFrom" or "pPr" or "rPr" or "sdtPr" or "delText" or "delInstrText":
                break;
            case "r" when node.Child("rPr").Child("vanish").IsOn():
                HasHiddenText |= node.Child("t") is not null;
                ReadAll(node.Children("fldChar").Concat(node.Children("instrText")));
                break;
            case "r":
                var before = _text.Length;
                ReadAll(node.Elements());
                CountLanguage(node, _text.Length - before);
                break;
            case "t":
                Append(node.Value);
                break;
            case "tab" or "ptab":
                Append("\t");
                break;
            case "br" or "cr":
                Append("\n");
                break;
            case "noBreakHyphen":
                Append("\u2011");
                break;
            case "sym":
                Append(WordSymbols.Of(node.Value("font"), node.Value("char")));
                break;
            case "lastRenderedPageBreak":
                PageBreaks++;
                PageBreaksBeforeText = _text.IsBlank ? PageBreaks : PageBreaksBeforeText;
                break;
            case "fldChar":
                _fields.Mark(node.Value("fldCharType"), _text);
                break;
            case "instrText":
                _fields.AddInstruction(node.Value);
                break;
            case "fldSimple":
                Link(node, WordFields.Target(node.Value("instr") ?? ""));
                break;
            case "hyperlink":
                Link(node, part.Relations.GetValueOrDefault(node.RelationshipId() ?? "") is { IsExternal: true } relation ? relation.Target : "");
                break;
            case "footnoteReference":
                Note(WordNoteKind.Footnote, node);
                break;
            case "endnoteReference":
                Note(WordNoteKind.Endnote, node);
                break;
            case "commentReference":
                Note(WordNoteKind.Comment, node);
                break;
            case "sdt" when node.Child("sdtPr").Child("showingPlcHdr").IsOn():
                // "Click here to enter text."
                break;
            case "ruby":
                ReadAll(node.Children("rubyBase"));
                Append("(");
                ReadAll(node.Children("rt"));
                Append(")");
                break;
            case "AlternateContent":
                ReadAll(node.Alternative()?.Elements() ?? []);
                break;
            case "oMath" or "oMathPara":
                Append(OfficeMath.Linear(node));
                break;
            case "docPr":
                Append(node.Value("descr") ?? "");
                break;
            case "txbxContent":
                TextBoxes.Enqueue(node);
                break;
            case "chart" or "relIds":
                Draw(node.RelationshipId(node.Is("chart") ? "id" : "dm"));
                break;
            default:
                ReadAll(node.Elements());
                break;
        }
    }

    private void ReadAll(IEnumerable<XElement> nodes)
    {
        foreach (var node in nodes)
        {
            ReadNode(node);
        }
    }

    private void Append(string text)
    {
        if (!_fields.InInstruction)
        {
            _text.Append(text);
        }
    }

    private void Link(XElement node, string target)
    {
        var start = _text.Length;
        ReadAll(node.Elements());
        _text.AddLink(start, target);
    }

    private void Note(WordNoteKind kind, XElement reference)
    {
        var id = reference.Value("id") ?? "";
        Append(Mark(kind, id));
        Notes.Enqueue((kind, id));
    }

    private void Draw(string? relationshipId)
    {
        if (relationshipId is not null && part.Relations.TryGetValue(relationshipId, out var relation))
        {
            Drawings.Enqueue(relation);
        }
    }

    private void CountLanguage(XElement run, int characters)
    {
        var tag = run.Child("rPr").Child("lang").Value("val");
        var language = tag is null ? part.Styles.Language : OfficeProperties.PrimaryLanguage(tag);
        if (language.Length > 0 && characters > 0)
        {
            _charactersByLanguage[language] = _charactersByLanguage.GetValueOrDefault(language) + characters;
        }
    }
}
