using FsCheck;
using FsCheck.Fluent;

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

    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(20260101, 7);

    [Fact]
    public void Chunk_AnyDocument_KeepsItsPromises()
    {
        var cases =
            from fragments in Gen.Elements(Fragments).ListOf().Resize(120)
            from contentType in Gen.Elements(ContentTypes.All.ToArray())
            from maxTokens in Gen.Choose(16, 60)
            from overlapTokens in Gen.Choose(0, 8)
            from counter in Gen.Choose(0, Counters.Length - 1)
            select (Text: string.Concat(fragments) + "end", contentType, maxTokens, overlapTokens, counter);

        Prop.ForAll(cases.ToArbitrary(), one => Check(
            Documents.Extract(System.Text.Encoding.UTF8.GetBytes(one.Text), one.contentType),
            new ChunkingOptions { MaxTokens = one.maxTokens, OverlapTokens = one.overlapTokens, TinySectionTokens = 8, MaxCharacters = 200 },
            Counters[one.counter])).Check(Reproducible);
    }

    private static void Check(ExtractedDocument document, ChunkingOptions options, TokenCounter count)
    {
        CheckBlocks(document);
        var text = document.Text;
        var chunks = new Chunker(options, count).Chunk(document);
        var covered = new bool[text.Length];
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
            if (i > 0)
            {
                chunk.StartOffset.ShouldBeGreaterThan(chunks[i - 1].StartOffset);
                chunk.EndOffset.ShouldBeGreaterThan(chunks[i - 1].EndOffset);
            }

            covered.AsSpan(chunk.StartOffset, quote.Length).Fill(true);
        }

        foreach (var block in document.Blocks)
        {
            for (var i = block.Start; i < block.End; i++)
            {
                (covered[i] || char.IsWhiteSpace(text[i])).ShouldBeTrue($"character {i} of \"{text}\" is in no chunk");
            }
        }

        // HeadingPath is a list, which records compare by reference.
        new Chunker(options, count).Chunk(document).Select(chunk => $"{chunk.StartOffset} {chunk.EndOffset} {chunk.TokenCount} {string.Join('/', chunk.HeadingPath)}")
            .ShouldBe(chunks.Select(chunk => $"{chunk.StartOffset} {chunk.EndOffset} {chunk.TokenCount} {string.Join('/', chunk.HeadingPath)}"));
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
}
