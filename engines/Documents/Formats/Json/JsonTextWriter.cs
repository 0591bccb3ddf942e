using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// JSON as a text to be searched and quoted. Braces and quotes say nothing to a reader or an embedding, and a value without its
/// name and path says little; so a member is a line "name: value" that can be quoted alone, neighbours make a paragraph, an object or list that is too large for
/// lines is a section whose heading is its name, so that the path becomes the chunk's context, arrays of like, short objects are
/// tables, and long strings are paragraphs. Values are as written, numbers to the digit; nothing is left out, and where a name is
/// there twice both are. An object's short members come before its sections, so that none stands under another's heading.
/// </summary>
internal sealed class JsonTextWriter(DocumentTextBuilder builder, CancellationToken cancellationToken)
{
    private const int MaxHeadingLevel = 6;

    /// <summary>Lines of one paragraph: about what a reader takes in at once, and far fewer blocks than lines.</summary>
    private const int ParagraphCharacters = 400;

    public void WriteRoot(JsonSlice root)
    {
        if (root.IsObject)
        {
            WriteMembers(root.Members(), []);
        }
        else if (root.IsArray)
        {
            WriteRecords([.. root.Items().Select((item, index) => (index + 1, item))]);
        }
        else
        {
            WriteText(root.Text());
        }
    }

    /// <summary>The values of a document that is a sequence of them; each knows its number.</summary>
    public void WriteRecords(IReadOnlyList<(int Row, JsonSlice Value)> records)
    {
        WriteItems([.. records.Select(record => record.Value)], "record", [], index => builder.Location = new SourceLocation(LocationKind.Row, records[index].Row));
        builder.Location = null;
    }

    private void WriteMembers(IReadOnlyList<(string Name, JsonSlice Value)> members, IReadOnlyList<string> path)
    {
        var sections = new List<(string Name, JsonSlice Value)>();
        var paragraph = new StringBuilder();
        foreach (var (name, value) in members)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (JsonLine.Of(name, value) is { } lines)
            {
                foreach (var line in lines)
                {
                    EndParagraph(paragraph, ParagraphCharacters - line.Text.Length);
                    paragraph.Append(line.Name).Append(": ").Append(line.Text).Append('\n');
                }
            }
            else if (value.IsContainer)
            {
                sections.Add((JsonLine.Name(name), value));
            }
            else
            {
                EndParagraph(paragraph, 0);
                WriteText($"{JsonLine.Name(name)}: {value.Text()}");
            }
        }

        EndParagraph(paragraph, 0);
        foreach (var (name, value) in sections)
        {
            WriteSection(name, name, value, path);
        }
    }

    private void EndParagraph(StringBuilder paragraph, int fits)
    {
        if (paragraph.Length > fits)
        {
            builder.AddParagraph(paragraph.ToString());
            paragraph.Clear();
        }
    }

    private void WriteSection(string heading, string name, JsonSlice value, IReadOnlyList<string> path)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<string> here = [.. path, heading];
        // Below the deepest level of headings, the names that have none stand in the last one.
        builder.AddHeading(here.Count, string.Join('.', here.Skip(Math.Min(here.Count, MaxHeadingLevel) - 1)));
        if (value.IsObject)
        {
            WriteMembers(value.Members(), here);
        }
        else if (value.IsArray)
        {
            WriteItems(value.Items(), name, here, _ => { });
        }
        else
        {
            WriteText(value.Text());
        }
    }

    private void WriteItems(IReadOnlyList<JsonSlice> items, string name, IReadOnlyList<string> path, Action<int> locate)
    {
        if (JsonTable.Columns(items, cancellationToken) is { } columns)
        {
            builder.AddTableHeader(columns);
            WriteEach(items, locate, item => builder.AddTableRow(JsonTable.Row(item, columns)));
        }
        else if (items.All(item => !item.IsContainer))
        {
            WriteEach(items, locate, WriteListItem);
        }
        else if (items.All(item => item.IsArray && JsonLine.Of(name, item) is not null))
        {
            WriteEach(items, locate, item => builder.AddTableRow([.. item.Items().Select(cell => cell.Text())]));
        }
        else
        {
            for (var i = 0; i < items.Count; i++)
            {
                locate(i);
                WriteSection(Heading(items[i], name, i + 1), name, items[i], path);
            }
        }
    }

    private void WriteEach(IReadOnlyList<JsonSlice> items, Action<int> locate, Action<JsonSlice> write)
    {
        for (var i = 0; i < items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            locate(i);
            write(items[i]);
        }
    }

    private void WriteListItem(JsonSlice item)
    {
        if (JsonLine.Of("", item) is [var line])
        {
            builder.AddListItem(0, "- ", line.Text);
        }
        else
        {
            WriteText(item.Text());
        }
    }

    private static string Heading(JsonSlice item, string name, int number)
    {
        var members = item.IsObject ? item.Members() : [];
        return JsonTitle.Of(members) ?? $"{name} {JsonTitle.IdOf(members) ?? number.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Blank lines in a long string separate its paragraphs.</summary>
    private void WriteText(string text)
    {
        foreach (var paragraph in PlainTextExtractor.Extract(text).Blocks)
        {
            builder.AddParagraph(text[paragraph.Start..paragraph.End]);
        }
    }
}
