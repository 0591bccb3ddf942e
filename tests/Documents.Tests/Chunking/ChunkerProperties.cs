using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Tokenization;

namespace RagPlatform.Documents.Tests.Chunking;

/// <summary>What holds for every document, option and counter.</summary>
public sealed class ChunkerProperties
{
    private static readonly string[] Fragments =
    [
        "# Heading\n", "## Sub *heading*\n", "\n\n", "\n", "\r\n\r\n", "A sentence. ", "Another one, e.g. with 3.14! ", "- item\n", "  1. nested\n",
        "> quoted\n", "```\ncode line\n\ncode\n```\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "<!-- a comment with words -->\n", "😀😀😀", "漢字かな。", "e\u0301",
        "verylongwordwithoutanybreaksinitatallthatgoesonandonandon", "\t", "   ", "\u00A0", "[x]: y\n", "<p>html</p>\n", "Title\n===\n", "***\n", "word ",
    ];

    private static readonly TokenCounter[] Counters =
    [
        Documents.CountTokens,
        // Parts do not add up to the whole, as with byte-pair merges.
        text => (text.Length + 2) / 3,
        text => text.Length == 0 ? 0 : 1 + (text.Length / 5),
    ];

    /// <summary>Of what several formats share, which is text.</summary>
    private static readonly string[] TextTypes = [ContentTypes.Markdown, ContentTypes.PlainText, ContentTypes.Html];

    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20260101, 7);

    private static Gen<(ChunkingOptions Options, TokenCounter Count)> Settings =>
        from strategy in Gen.Elements(Enum.GetValues<ChunkingStrategy>())
        from maxTokens in Gen.Choose(16, 60)
        from overlapTokens in Gen.Choose(0, 8)
        from parentTokens in Gen.Choose(60, 150)
        from counter in Gen.Elements(Counters)
        select (new ChunkingOptions
        {
            Strategy = strategy, MaxTokens = maxTokens, OverlapTokens = overlapTokens, ParentTokens = parentTokens, TinySectionTokens = 8, MaxCharacters = 200,
        }, counter);

    [Fact]
    public void Chunk_AnyText_KeepsItsPromises()
    {
        var cases =
            from fragments in Gen.Elements(Fragments).ListOf().Resize(120)
            from contentType in Gen.Elements(TextTypes)
            from settings in Settings
            select (Text: string.Concat(fragments) + "end", contentType, settings);

        Prop.ForAll(cases.ToArbitrary(), one => Check(
            Documents.Extract(System.Text.Encoding.UTF8.GetBytes(one.Text), one.contentType), one.settings.Options, one.settings.Count)).Check(Reproducible);
    }

    [Fact]
    public void Chunk_AnyBlocks_KeepsItsPromises()
    {
        var cases = from document in BlockLists.Documents from settings in Settings select (document, settings);
        Prop.ForAll(cases.ToArbitrary(), one => Check(one.document, one.settings.Options, one.settings.Count)).Check(Reproducible);
    }

    private static void Check(ExtractedDocument document, ChunkingOptions options, TokenCounter count)
    {
        CheckBlocks(document);
        var chunks = new Chunker(options, count).Chunk(document);
        CheckChunks(document, chunks, options, count);
        CheckCover(document, chunks);
        if (options.Strategy is not ChunkingStrategy.Fixed)
        {
            CheckWholeParts(document, chunks, options, count);
        }

        if (options.Strategy is ChunkingStrategy.ParentChild)
        {
            CheckParents(document, chunks, options, count);
        }

        // HeadingPath is a list, which records compare by reference.
        new Chunker(options, count).Chunk(document).Select(Show).ShouldBe(chunks.Select(Show));
    }

    private static void CheckChunks(ExtractedDocument document, IReadOnlyList<Chunk> chunks, ChunkingOptions options, TokenCounter count)
    {
        var text = document.Text;
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            var quote = text[chunk.StartOffset..chunk.EndOffset];
            chunk.Ordinal.ShouldBe(i);
            quote.ShouldNotBeEmpty();
            quote.ShouldBe(quote.Trim());
            chunk.TokenCount.ShouldBe(count(quote));
            chunk.TokenCount.ShouldBeLessThanOrEqualTo(options.MaxTokens);
            quote.Length.ShouldBeLessThanOrEqualTo(options.MaxCharacters);
            char.IsLowSurrogate(quote[0]).ShouldBeFalse();
            char.IsHighSurrogate(quote[^1]).ShouldBeFalse();
            IsCharacterBoundary(document, chunk.EndOffset).ShouldBeTrue();
            (chunk.Parent is null).ShouldBe(options.Strategy is not ChunkingStrategy.ParentChild);
            var blocks = document.Blocks.Where(block => block.Start < chunk.EndOffset && block.End > chunk.StartOffset).ToList();
            (chunk.FirstLocation, chunk.LastLocation).ShouldBe((blocks[0].Location, blocks[^1].Location));
            if (i > 0)
            {
                chunk.StartOffset.ShouldBeGreaterThan(chunks[i - 1].StartOffset);
                chunk.EndOffset.ShouldBeGreaterThan(chunks[i - 1].EndOffset);
            }
        }
    }

    private static void CheckCover(ExtractedDocument document, IReadOnlyList<Chunk> chunks)
    {
        var covered = new bool[document.Text.Length];
        foreach (var chunk in chunks)
        {
            covered.AsSpan(chunk.StartOffset, chunk.EndOffset - chunk.StartOffset).Fill(true);
        }

        foreach (var block in document.Blocks)
        {
            for (var i = block.Start; i < block.End; i++)
            {
                if (!covered[i] && !char.IsWhiteSpace(document.Text[i]))
                {
                    Assert.Fail($"Character {i} of \"{document.Text}\" is in no chunk.");
                }
            }
        }
    }

    /// <summary>What fits the budget, a row or a sentence, is whole in some chunk; so is a block, but where the strategy is of sentences.</summary>
    private static void CheckWholeParts(ExtractedDocument document, IReadOnlyList<Chunk> chunks, ChunkingOptions options, TokenCounter count)
    {
        foreach (var block in document.Blocks)
        {
            var text = document.Text.AsSpan(block.Start, block.End - block.Start);
            IEnumerable<Range> parts = block.Kind is BlockKind.Code or BlockKind.TableHeader or BlockKind.TableRow
                ? [Range.All]
                : options.Strategy is ChunkingStrategy.Structure or ChunkingStrategy.Whole ? [Range.All, .. SentenceSplitter.Split(text)] : SentenceSplitter.Split(text);
            foreach (var part in parts)
            {
                var (start, end) = (block.Start + part.Start.GetOffset(text.Length), block.Start + part.End.GetOffset(text.Length));
                var isLines = block.Kind is BlockKind.Code or BlockKind.TableHeader or BlockKind.TableRow && text.Contains('\n');
                if (end - start <= options.MaxCharacters && count(document.Text.AsSpan(start, end - start)) <= options.MaxTokens
                    && !(isLines && options.Strategy is ChunkingStrategy.Sentence or ChunkingStrategy.ParentChild))
                {
                    chunks.Any(chunk => chunk.StartOffset <= start && chunk.EndOffset >= end).ShouldBeTrue(document.Text);
                }
            }
        }
    }

    private static void CheckParents(ExtractedDocument document, IReadOnlyList<Chunk> chunks, ChunkingOptions options, TokenCounter count)
    {
        foreach (var chunk in chunks)
        {
            var parent = chunk.Parent!.Value;
            parent.Start.ShouldBeLessThanOrEqualTo(chunk.StartOffset);
            parent.End.ShouldBeGreaterThanOrEqualTo(chunk.EndOffset);
            count(document.Text.AsSpan(parent.Start, parent.End - parent.Start)).ShouldBeLessThanOrEqualTo(options.ParentTokens);
        }

        var parents = chunks.Select(chunk => chunk.Parent!.Value).Distinct().ToList();
        parents.Zip(parents.Skip(1)).ShouldAllBe(pair => pair.First.End <= pair.Second.Start);
    }

    private static void CheckBlocks(ExtractedDocument document)
    {
        var end = 0;
        foreach (var block in document.Blocks)
        {
            block.Start.ShouldBeGreaterThanOrEqualTo(end);
            document.Text[block.Start..block.End].ShouldNotBeNullOrWhiteSpace();
            document.Text[block.Start..block.End].ShouldBe(document.Text[block.Start..block.End].Trim());
            end = block.End;
        }
    }

    /// <summary>Of the text within the block, counted from the last white space.</summary>
    private static bool IsCharacterBoundary(ExtractedDocument document, int offset)
    {
        if (document.Blocks.FirstOrDefault(block => block.Start < offset && block.End > offset) is not { } block)
        {
            return true;
        }

        var start = offset;
        while (start > block.Start && !char.IsWhiteSpace(document.Text[start - 1]))
        {
            start--;
        }

        var boundaries = StringInfo.ParseCombiningCharacters(document.Text[start..block.End]);
        return boundaries.Contains(offset - start);
    }

    private static string Show(Chunk chunk) =>
        $"{chunk.StartOffset} {chunk.EndOffset} {chunk.TokenCount} {string.Join('/', chunk.HeadingPath)} {chunk.Parent} {chunk.FirstLocation} {chunk.LastLocation}";
}
