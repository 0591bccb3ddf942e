using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

internal enum WordNoteKind
{
    Footnote,
    Endnote,
    Comment,
}

/// <summary>Footnotes, endnotes and comments, each told once, beside the text that refers to it.</summary>
internal sealed class WordNotes
{
    private readonly Dictionary<(WordNoteKind Kind, string Id), InlineText> _notes = [];
    private readonly Dictionary<(WordNoteKind Kind, string Id), string> _marks = [];
    private int _footnotes;
    private int _endnotes;

    public static WordNotes Read(WordPart document)
    {
        var notes = new WordNotes();
        notes.Read(document, WordNoteKind.Footnote, "footnotes", "footnote");
        notes.Read(document, WordNoteKind.Endnote, "endnotes", "endnote");
        notes.Read(document, WordNoteKind.Comment, "comments", "comment");
        return notes;
    }

    /// <summary>What stands in the text, as Markdown writes it: "[^1]" for footnotes in the order of the text, "[^i]" for endnotes, nothing for comments.</summary>
    public string Mark(WordNoteKind kind, string id)
    {
        if (kind == WordNoteKind.Comment)
        {
            return "";
        }

        if (!_marks.TryGetValue((kind, id), out var mark))
        {
            if (!_notes.ContainsKey((kind, id)))
            {
                return "";
            }

            var number = kind == WordNoteKind.Footnote ? NumberText.Of(++_footnotes, "decimal") : NumberText.Of(++_endnotes, "lowerRoman");
            mark = string.Create(CultureInfo.InvariantCulture, $"[^{number}]");
            _marks[(kind, id)] = mark;
        }

        return mark;
    }

    /// <summary>Adds the note unless it has been.</summary>
    public void Add(DocumentTextBuilder builder, WordNoteKind kind, string id)
    {
        if (!_notes.TryGetValue((kind, id), out var note))
        {
            return;
        }

        var mark = Mark(kind, id);
        _notes.Remove((kind, id));
        if (kind == WordNoteKind.Comment)
        {
            builder.AddQuote(note);
        }
        else
        {
            var text = new InlineTextBuilder();
            text.Append(mark + ": ");
            text.Append(note);
            builder.AddParagraph(text.Build());
        }
    }

    /// <summary>Comments on the document as a whole, and those whose place is gone.</summary>
    public void AddRemainingComments(DocumentTextBuilder builder)
    {
        foreach (var (kind, id) in _notes.Keys.Where(key => key.Kind == WordNoteKind.Comment).ToArray())
        {
            Add(builder, kind, id);
        }
    }

    private void Read(WordPart document, WordNoteKind kind, string relationshipType, string elementName)
    {
        if (document.Target(relationshipType) is not { } path || document.Package.TryOpen(path) is not { } xml)
        {
            return;
        }

        using (xml)
        {
            var part = new WordPart(document.Package, path, document.Styles);
            while (xml.Read())
            {
                if (xml.IsStart && xml.Name == elementName)
                {
                    Add(kind, xml.ReadElement(), part);
                }
            }
        }
    }

    private void Add(WordNoteKind kind, XElement note, WordPart part)
    {
        // Separators are notes of a type of their own.
        if (note.Value("type") is not (null or "normal") || note.Value("id") is not { } id)
        {
            return;
        }

        var text = new InlineTextBuilder();
        if (kind == WordNoteKind.Comment)
        {
            var author = note.Value("author")?.Trim() ?? "";
            text.Append(author.Length > 0 ? $"Comment by {author}: " : "Comment: ");
        }

        var head = text.Length;
        var body = WordFlatText.Of(note.Elements(), new WordInlineReader(part), "\n");
        text.Append(body.Trim());
        if (text.Length > head)
        {
            if (_notes.Count == DocumentExtractor.MaxBlocks)
            {
                throw ExtractionException.TooManyBlocks();
            }

            _notes[(kind, id)] = text.Build();
        }
    }
}
