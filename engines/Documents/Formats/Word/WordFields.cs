namespace RagPlatform.Documents;

/// <summary>
/// Fields (ECMA-376 part 1, 17.16): an instruction that nobody sees, then the result that everybody does. They may stand inside
/// one another and run over paragraphs.
/// </summary>
internal sealed class WordFields
{
    /// <summary>More than Word nests; those beyond are taken for text.</summary>
    private const int MaxNesting = 32;

    private const int MaxInstructionCharacters = 4096;

    private readonly Stack<Field> _open = new();
    private int _instructions;

    /// <summary>What comes now belongs to an instruction.</summary>
    public bool InInstruction => _instructions > 0;

    public void AddInstruction(string text)
    {
        if (_open.TryPeek(out var field) && field.Instruction.Length + text.Length <= MaxInstructionCharacters)
        {
            field.Instruction += text;
        }
    }

    /// <param name="type">Of a w:fldChar: begin, separate or end.</param>
    /// <param name="paragraph">Where the result stands.</param>
    public void Mark(string? type, InlineTextBuilder paragraph)
    {
        switch (type)
        {
            case "begin" when _open.Count < MaxNesting:
                _open.Push(new Field());
                _instructions++;
                break;
            case "separate" when _open.TryPeek(out var field):
                EndInstruction(field);
                field.ResultStart = paragraph.Length;
                break;
            case "end" when _open.TryPop(out var field):
                if (field.InInstruction)
                {
                    EndInstruction(field);
                }
                else
                {
                    AddLink(field, paragraph);
                }

                break;
        }
    }

    /// <summary>Closes what a paragraph has of the fields that are open: an instruction never swallows the text of the next.</summary>
    public void EndParagraph(InlineTextBuilder paragraph)
    {
        foreach (var field in _open)
        {
            if (field.InInstruction)
            {
                EndInstruction(field);
            }
            else
            {
                AddLink(field, paragraph);
            }

            field.ResultStart = 0;
        }
    }

    /// <summary>The address in HYPERLINK "address" \o "tip"; empty for other fields and for places in the document itself.</summary>
    public static string Target(string instruction)
    {
        var text = instruction.AsSpan().Trim();
        if (!text.StartsWith("HYPERLINK", StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        text = text["HYPERLINK".Length..].TrimStart();
        if (text is not ['"', .. var quoted])
        {
            return "";
        }

        var end = quoted.IndexOf('"');
        return end < 0 ? "" : quoted[..end].Trim().ToString();
    }

    private void EndInstruction(Field field)
    {
        if (field.InInstruction)
        {
            field.InInstruction = false;
            field.Target = Target(field.Instruction);
            _instructions--;
        }
    }

    private static void AddLink(Field field, InlineTextBuilder paragraph) => paragraph.AddLink(field.ResultStart, field.Target);

    private sealed class Field
    {
        public string Instruction { get; set; } = "";

        public bool InInstruction { get; set; } = true;

        /// <summary>Known from the end of the instruction on.</summary>
        public string Target { get; set; } = "";

        public int ResultStart { get; set; }
    }
}
