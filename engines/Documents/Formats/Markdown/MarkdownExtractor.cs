using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Parsers;
using Markdig.Syntax;

namespace RagPlatform.Documents;

/// <summary>
/// The stored text is the Markdown source itself, so that offsets are true to what the user wrote. Only the block
/// structure is parsed (CommonMark, with GFM tables and front matter); inlines stay as written.
/// </summary>
internal static class MarkdownExtractor
{
    public static ExtractedDocument Extract(string text)
    {
        CheckLines(text);
        var blocks = new BlockList();
        var links = new MarkdownLinks(text);
        var frontMatter = FrontMatter.None;
        foreach (var (leaf, start, kind) in Leaves(Parse(text)))
        {
            var end = End(leaf, text);
            if (leaf is not (CodeBlock or YamlFrontMatterBlock) && !IsReferences(leaf, text, start, end))
            {
                links.AddBlock(start, end);
            }

            switch (leaf)
            {
                case YamlFrontMatterBlock yaml:
                    frontMatter = FrontMatter.Read(yaml);
                    break;
                case HeadingBlock heading:
                    blocks.AddHeading(HeadingText.FromAtx(text[leaf.Span.Start..end]), heading.Level, text, start, end);
                    break;
                case ParagraphBlock paragraph when LinearParagraphParser.HeadingLevel(paragraph) is > 0 and var level:
                    blocks.AddHeading(HeadingText.FromSetext(text[leaf.Span.Start..end]), level, text, start, end);
                    break;
                case ParagraphBlock:
                    AddParagraph(blocks, links, kind, text, start, end);
                    break;
                case CodeBlock:
                    blocks.Add(BlockKind.Code, text, start, end);
                    break;
                case HtmlBlock { Type: HtmlBlockType.InterruptingBlock or HtmlBlockType.NonInterruptingBlock }:
                    blocks.Add(kind, text, start, end);
                    break;
                case HtmlBlock { Type: HtmlBlockType.ScriptPreOrStyle } when text.AsSpan(leaf.Span.Start).StartsWith("<pre", StringComparison.OrdinalIgnoreCase):
                    blocks.Add(BlockKind.Code, text, start, end);
                    break;
            }
        }

        return new ExtractedDocument(text, frontMatter.Title is { Length: > 0 } title ? title : blocks.FirstHeading, blocks.Blocks)
        {
            Properties = frontMatter.Properties,
            Links = links.Build(),
        };
    }

    private static void CheckLines(string text)
    {
        var lines = text.AsSpan().Count('\n');
        if (lines > DocumentExtractor.MaxMarkdownLines)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                $"content has {lines} lines; the limit for text/markdown is {DocumentExtractor.MaxMarkdownLines}.",
                "Split the document into smaller ones, or send it as text/plain.");
        }
    }

    private static MarkdownDocument Parse(string text)
    {
        var pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter();
        pipeline.InlineParsers.Clear();
        pipeline.BlockParsers.Insert(0, new NestingGuard());
        pipeline.BlockParsers.Replace<ParagraphBlockParser>(new LinearParagraphParser());
        try
        {
            return Markdig.Markdown.Parse(text, pipeline.Build());
        }
        catch (ArgumentException)
        {
            // Markdig's own depth limit, met where a single line opens many quotes.
            throw NestingGuard.TooDeep();
        }
    }

    /// <summary>
    /// The leaf blocks in order, each with the kind its containers give it, starting at the marker of the outermost
    /// list item or quote that it opens.
    /// </summary>
    private static IEnumerable<(LeafBlock Leaf, int Start, BlockKind Kind)> Leaves(MarkdownDocument document)
    {
        var stack = new Stack<(Markdig.Syntax.Block Block, int Start, BlockKind Kind)>();
        stack.Push((document, 0, BlockKind.Paragraph));
        while (stack.TryPop(out var item))
        {
            if (item.Block is LeafBlock leaf)
            {
                yield return (leaf, item.Start, item.Kind);
                continue;
            }

            var container = (ContainerBlock)item.Block;
            var kind = container switch { ListItemBlock => BlockKind.ListItem, QuoteBlock => BlockKind.Quote, _ => item.Kind };
            for (var i = container.Count - 1; i >= 0; i--)
            {
                var child = container[i];
                var opensContainer = i == 0 && container is not MarkdownDocument;
                stack.Push((child, opensContainer ? item.Start : child.Span.Start, kind));
            }
        }
    }

    private static int End(LeafBlock leaf, string text)
    {
        var end = leaf.Span.End + 1;
        if (leaf is CodeBlock && leaf.Lines.Count > 0)
        {
            // The span of a fence that is never closed ends with its first line.
            var last = leaf.Lines.Lines[leaf.Lines.Count - 1];
            end = Math.Max(end, last.Position + last.Slice.Length);
        }

        return Math.Min(end, text.Length);
    }

    private static void AddParagraph(BlockList blocks, MarkdownLinks links, BlockKind kind, string text, int start, int end)
    {
        if (IsReferences(text.AsSpan(start, end - start)))
        {
            links.AddDefinitions(start, end);
        }
        else if (!MarkdownTable.TryAdd(blocks, kind, text, start, end))
        {
            blocks.Add(kind, text, start, end);
        }
    }

    private static bool IsReferences(LeafBlock leaf, string text, int start, int end) => leaf is ParagraphBlock && IsReferences(text.AsSpan(start, end - start));

    /// <summary>Nothing but link reference definitions, "[label]: target": addresses, not prose.</summary>
    private static bool IsReferences(ReadOnlySpan<char> paragraph)
    {
        foreach (var line in paragraph.EnumerateLines())
        {
            var label = line.IndexOf("]:");
            if (!line.StartsWith("[") || line.StartsWith("[^") || label < 0 || !IsTarget(line[(label + 2)..].Trim()))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One word, or anything in angle brackets, and a title in quotes or none: "[Ann]: I agree" is what Ann says.</summary>
    private static bool IsTarget(ReadOnlySpan<char> definition)
    {
        var end = definition.StartsWith("<") ? definition.IndexOf('>') + 1 : definition.IndexOfAny(' ', '\t');
        return end <= 0 || definition[end..].TrimStart() is [] or ['"' or '\'' or '(', ..];
    }
}
