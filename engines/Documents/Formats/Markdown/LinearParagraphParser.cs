using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace RagPlatform.Documents;

/// <summary>
/// Paragraphs as Markdig reads them, less two parts that take quadratic time on hostile input: link reference
/// definitions stay text, and setext headings are marked here instead of being swapped into the tree.
/// </summary>
internal sealed class LinearParagraphParser : ParagraphBlockParser
{
    private static readonly object SetextLevel = new();

    public LinearParagraphParser() => ParseSetextHeadings = false;

    /// <summary>1 for "===", 2 for "---", 0 for a paragraph.</summary>
    public static int HeadingLevel(ParagraphBlock paragraph) => paragraph.GetData(SetextLevel) is int level ? level : 0;

    public override BlockState TryContinue(BlockProcessor processor, Markdig.Syntax.Block block)
    {
        // Inside lists and quotes an underline is ambiguous with lazy continuation; there it stays text.
        if (processor.CurrentChar is '=' or '-' && !processor.IsCodeIndent && block.Parent is MarkdownDocument)
        {
            var underline = processor.CurrentChar;
            var line = processor.Line.AsSpan().TrimEnd();
            if (line.TrimEnd(underline).IsEmpty)
            {
                block.SetData(SetextLevel, underline == '=' ? 1 : 2);
                block.UpdateSpanEnd(processor.Line.End);
                processor.Close(block);
                return BlockState.BreakDiscard;
            }
        }

        return base.TryContinue(processor, block);
    }

    public override bool Close(BlockProcessor processor, Markdig.Syntax.Block block) =>
        block is not ParagraphBlock paragraph || paragraph.Lines.Count > 0;
}
