using System.Text;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Reads a Word document (WordprocessingML, ECMA-376 part 1, 17) from its start to its end, a paragraph or a row at a time.
/// Headers and footers, which are on every page and part of none, are left out.
/// </summary>
internal sealed class WordExtractor
{
    private readonly DocumentTextBuilder _builder = new();
    private readonly ExtractionContext _context;
    private readonly OfficePackage _package;
    private readonly WordStyles _styles;
    private readonly WordNumbering _numbering;
    private readonly WordNotes _notes;
    private readonly WordInlineReader _reader;
    private readonly WordPart _part;
    private readonly StringBuilder _code = new();
    private string _title = "";

    private WordExtractor(OfficePackage package, ExtractionContext context)
    {
        _context = context;
        _package = package;
        var path = package.MainPath;
        var relations = new WordPart(package, path, new WordStyles());
        _styles = WordStyles.Read(package, relations.Target("styles"));
        _part = new WordPart(package, path, _styles);
        _numbering = WordNumbering.Read(package, _part.Target("numbering"), _styles);
        _notes = WordNotes.Read(_part);
        _reader = new WordInlineReader(_part) { Mark = _notes.Mark };
    }

    public static ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        new WordExtractor(OfficePackage.Open(source, WordFormat.Name, context), context).Extract();

    private ExtractedDocument Extract()
    {
        _builder.Location = new SourceLocation(LocationKind.Page, 1);
        using (var xml = _package.Open(_part.Path))
        {
            if (!xml.Read() || xml.Name != "document")
            {
                throw ExtractionException.Damaged(WordFormat.Name, $"{_part.Path} holds <{xml.Name}>, which is no Word document");
            }

            Read(xml);
        }

        FlushCode();
        _notes.AddRemainingComments(_builder);
        if (_reader.HasHiddenText)
        {
            _builder.AddWarning("Text that is formatted as hidden was left out.");
        }

        var (title, properties) = OfficeProperties.Read(_package);
        var document = _builder.Build(title.Length > 0 ? title : _title, properties with
        {
            Language = properties.Language.Length > 0 ? properties.Language : _reader.Language,
            PageCount = _reader.PageBreaks > 0 ? _reader.PageBreaks + 1 : 0,
        });

        // Without a single noted break nobody has laid the pages out, and all would be called the first.
        return _reader.PageBreaks > 0 ? document : document with { Blocks = [.. document.Blocks.Select(block => block with { Location = null })] };
    }

    private void Read(XmlPart xml)
    {
        WordTable? table = null;
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                if (xml.Name == "tbl")
                {
                    table = null;
                    AddAsides();
                }

                continue;
            }

            switch (xml.Name)
            {
                case "body" or "sdt" or "sdtContent" or "customXml" or "ins" or "moveTo":
                    break;
                case "tbl" when xml.IsEmpty:
                    break;
                case "tbl":
                    FlushCode();
                    table = new WordTable(_builder, _reader, AddBlocks);
                    break;
                case "tr" when table is not null:
                    AddRow(table, xml.ReadElement());
                    break;
                case "p" or "oMathPara" or "AlternateContent" or "altChunk":
                    AddBlock(xml.ReadElement());
                    break;
                default:
                    xml.Skip();
                    break;
            }
        }
    }

    private void AddBlocks(IEnumerable<XElement> blocks)
    {
        foreach (var block in blocks)
        {
            AddBlock(block);
        }
    }

    private void AddBlock(XElement block)
    {
        _context.CancellationToken.ThrowIfCancellationRequested();
        switch (block.Name.LocalName)
        {
            case "p":
                AddParagraph(block);
                break;
            case "oMathPara":
                FlushCode();
                _builder.AddParagraph(OfficeMath.Linear(block));
                break;
            case "AlternateContent":
                AddBlocks(block.Alternative()?.Elements() ?? []);
                break;
            case "sdt" or "sdtContent" or "customXml" or "ins" or "moveTo":
                AddBlocks(block.Elements());
                break;
            case "altChunk":
                AddChunk(block);
                break;
            case "tbl":
                FlushCode();
                var table = new WordTable(_builder, _reader, AddBlocks);
                foreach (var row in block.Children("tr"))
                {
                    AddRow(table, row);
                }

                AddAsides();
                break;
        }
    }

    private void AddRow(WordTable table, XElement row)
    {
        Locate(_reader.PageBreaks);
        table.AddRow(row);
    }

    private void AddParagraph(XElement paragraph)
    {
        var properties = paragraph.Child("pPr");
        var style = _styles.Of(properties.Child("pStyle").Value("val"));
        var text = _reader.Read(paragraph);
        Locate(_reader.PageBreaksBeforeText);
        if (style.Kind == WordStyleKind.Code && !text.IsBlank)
        {
            _code.Append(_code.Length > 0 ? "\n" : "").Append(text.Text);
        }
        else
        {
            FlushCode();
            if (!text.IsBlank && style.Kind != WordStyleKind.Contents)
            {
                AddText(text, style, properties);
            }
        }

        AddAsides();
    }

    private void AddText(InlineText text, WordStyle style, XElement? properties)
    {
        var (marker, depth) = Marker(properties, style);
        if ((WordStyles.OutlineLevel(properties) ?? style.OutlineLevel) is { } level and < 9)
        {
            _title = _title.Length == 0 && style.Kind == WordStyleKind.Title ? text.OneLine().Text : _title;
            var heading = new InlineTextBuilder();
            heading.Append(marker is null or "-" ? "" : marker + " ");
            heading.Append(text.Trim());
            _builder.AddHeading(level + 1, heading.Build());
        }
        else if (marker is not null)
        {
            _builder.AddListItem(depth, marker + " ", text);
        }
        else if (style.Kind == WordStyleKind.Quote)
        {
            _builder.AddQuote(text);
        }
        else
        {
            _builder.AddParagraph(text);
        }
    }

    private (string? Marker, int Depth) Marker(XElement? properties, WordStyle style)
    {
        var own = properties.Child("numPr");
        var id = own.Child("numId").Value("val") ?? style.NumberingId;

        // Zero takes the paragraph out of the list that its style puts it into.
        return id is null or "0" ? (null, 0) : _numbering.Next(id, own.Child("ilvl").Value("val") ?? style.NumberingLevel, style.Id);
    }

    /// <summary>What stands beside the text that was added last.</summary>
    private void AddAsides()
    {
        while (_reader.TextBoxes.TryDequeue(out var box))
        {
            AddBlocks(box.Elements());
        }

        while (_reader.Drawings.TryDequeue(out var drawing))
        {
            DrawingText.Add(_builder, _package, drawing);
        }

        while (_reader.Notes.TryDequeue(out var note))
        {
            FlushCode();
            _notes.Add(_builder, note.Kind, note.Id);
        }
    }

    /// <summary>A document inside the document, as programs that merge documents leave it.</summary>
    private void AddChunk(XElement chunk)
    {
        FlushCode();
        if (chunk.RelationshipId() is not { } id
            || !_part.Relations.TryGetValue(id, out var relation)
            || _package.TryReadBytes(relation.Target) is not { } content)
        {
            return;
        }

        try
        {
            _builder.AddDocument(_context.ExtractPart(content, "", relation.Target), headingLevel: 0);
        }
        catch (ExtractionException exception) when (!_context.IsSpent)
        {
            _builder.AddWarning($"{relation.Target}: {exception.Message}");
        }
    }

    private void FlushCode()
    {
        if (_code.Length > 0)
        {
            _builder.AddCode(_code.ToString());
            _code.Clear();
        }
    }

    private void Locate(int pageBreaks)
    {
        if (_builder.Location?.Number != pageBreaks + 1)
        {
            FlushCode();
            _builder.Location = new SourceLocation(LocationKind.Page, pageBreaks + 1);
        }
    }
}
