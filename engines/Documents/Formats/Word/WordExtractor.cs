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
    private readonly WordNotes _notes;
    private readonly WordInlineReader _reader;
    private readonly WordPart _part;
    private readonly WordParagraphs _paragraphs;

    private WordExtractor(OfficePackage package, ExtractionContext context)
    {
        _context = context;
        _package = package;
        var path = package.MainPath;
        var relations = new WordPart(package, path, new WordStyles());
        var styles = WordStyles.Read(package, relations.Target("styles"));
        _part = new WordPart(package, path, styles);
        _notes = WordNotes.Read(_part);
        _reader = new WordInlineReader(_part) { Mark = _notes.Mark };
        _paragraphs = new WordParagraphs(_builder, _reader, styles, WordNumbering.Read(package, _part.Target("numbering"), styles));
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

        _paragraphs.EndCode();
        _notes.AddRemainingComments(_builder);
        if (_reader.HasHiddenText)
        {
            _builder.AddWarning("Text that is formatted as hidden was left out.");
        }

        var (title, properties) = OfficeProperties.Read(_package);
        var document = _builder.Build(title.Length > 0 ? title : _paragraphs.Title, properties with
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
                    _paragraphs.EndCode();
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
                _paragraphs.Add(block);
                AddAsides();
                break;
            case "oMathPara":
                _paragraphs.EndCode();
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
                _paragraphs.EndCode();
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
        _paragraphs.Locate(_reader.PageBreaks);
        table.AddRow(row);
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
            _paragraphs.EndCode();
            _notes.Add(_builder, note.Kind, note.Id);
        }
    }

    /// <summary>A document inside the document, as programs that merge documents leave it.</summary>
    private void AddChunk(XElement chunk)
    {
        _paragraphs.EndCode();
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
}
