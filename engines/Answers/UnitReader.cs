using RagPlatform.Tokenization;

namespace RagPlatform.Answers;

/// <summary>
/// Cuts a passage into units: sentences of paragraphs, list items, table rows, lines of code. Line by line, in linear
/// time, on Markdown and on plain text alike; marks are left out at the edges only, so that each unit stays verbatim.
/// Headings, labels, questions, lines without a letter or digit, and what a program printed in a terminal session are
/// no units: they answer nothing.
/// </summary>
internal ref struct UnitReader(ReadOnlySpan<char> text)
{
    /// <summary>Longer ones are data, not sentences.</summary>
    public const int MaxUnitCharacters = 1200;

    private const int MaxWholeItemCharacters = 240;

    private readonly ReadOnlySpan<char> text = text;
    private readonly List<Unit> units = [];
    private int paragraphStart = -1;
    private int paragraphEnd = -1;
    private bool isItem;
    private bool inFence;
    private bool inSession;
    private int lead = -1;
    private Range heading = ..0;

    public static List<Unit> Read(ReadOnlySpan<char> text)
    {
        var reader = new UnitReader(text) { inFence = Marks.BeginsInFence(text) };
        for (var start = 0; start < text.Length;)
        {
            var length = text[start..].IndexOf('\n');
            var end = length < 0 ? text.Length : start + length;
            reader.ReadLine(start, end);
            start = end + 1;
        }

        reader.CloseParagraph();
        return reader.units;
    }

    private void ReadLine(int start, int end)
    {
        var indent = end - start - text[start..end].TrimStart().Length;
        var line = text[start..end].Trim();
        if (Marks.IsFence(line))
        {
            CloseParagraph();
            inFence = !inFence;
            inSession = inFence && Marks.IsSessionFence(line);
            lead = inFence ? units.Count - 1 : -1;
        }
        else if (inFence)
        {
            if (!inSession || Marks.PromptLength(line) > 0)
            {
                AddCode(start, end);
            }
        }
        else if (!Marks.HasWord(line))
        {
            CloseParagraph(isHeading: Marks.IsUnderline(line));
            DropTableHead(line);
        }
        else if (Marks.IsHeading(line))
        {
            CloseParagraph();
            SetHeading(start, end);
        }
        else if (line[0] == '|')
        {
            CloseParagraph();
            Add(start, end, UnitKind.TableRow);
        }
        else if (Marks.ListMarkLength(line) is > 0 and var markLength)
        {
            CloseParagraph();
            isItem = true;
            (paragraphStart, paragraphEnd) = (start + indent + markLength, end);
        }
        else if (paragraphStart >= 0)
        {
            paragraphEnd = end;
        }
        else if (indent >= 4 || text[start] == '\t')
        {
            lead = lead < 0 ? units.Count - 1 : lead;
            AddCode(start, end);
        }
        else
        {
            lead = -1;
            (paragraphStart, paragraphEnd) = (start, end);
        }
    }

    private void CloseParagraph(bool isHeading = false)
    {
        if (paragraphStart >= 0 && isHeading)
        {
            SetHeading(paragraphStart, paragraphEnd);
        }
        else if (paragraphStart >= 0)
        {
            if (isItem && paragraphEnd - paragraphStart <= MaxWholeItemCharacters)
            {
                Add(paragraphStart, paragraphEnd, UnitKind.ListItem);
            }
            else
            {
                foreach (var sentence in SentenceSplitter.Split(text[paragraphStart..paragraphEnd]))
                {
                    Add(paragraphStart + sentence.Start.Value, paragraphStart + sentence.End.Value, isItem ? UnitKind.ListItem : UnitKind.Sentence);
                }
            }
        }

        (paragraphStart, paragraphEnd, isItem) = (-1, -1, false);
    }

    private void SetHeading(int start, int end)
    {
        start += text[start..end].IndexOfAnyExcept(" \t#");
        heading = start..(start + text[start..end].TrimEnd(" \t\r#").Length);
        lead = -1;
    }

    /// <summary>The row above "|---|---|" names the columns: it says nothing by itself.</summary>
    private readonly void DropTableHead(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("|") && line.Contains('-') && units.Count > 0 && units[^1].Kind is UnitKind.TableRow)
        {
            units.RemoveAt(units.Count - 1);
        }
    }

    private void AddCode(int start, int end)
    {
        var line = text[start..end].TrimStart();
        start = end - line.Length + Marks.PromptLength(line);
        Add(start, end, UnitKind.CodeLine);
    }

    private readonly void Add(int start, int end, UnitKind kind)
    {
        (start, end) = Marks.Trim(text, start, end, kind);
        var unit = text[start..end];
        if (unit.Length <= MaxUnitCharacters && Marks.HasWord(unit) && (kind is UnitKind.CodeLine || !(unit[^1] == '?' || Marks.IsLabel(unit))))
        {
            units.Add(new Unit(start, end, kind, heading, kind is UnitKind.CodeLine ? lead : -1));
        }
    }
}
