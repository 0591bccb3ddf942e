using System.Diagnostics;

namespace RagPlatform.Documents.Tests.Extraction;

/// <summary>Input written to crash or hang a parser: each ends, in time, with text or with a reason.</summary>
public sealed class HostileInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string, int> Repeated => new()
    {
        { ContentTypes.Markdown, ">", 300_000 }, { ContentTypes.Markdown, "> ", 300_000 }, { ContentTypes.Markdown, "- ", 300_000 },
        { ContentTypes.Markdown, "1. ", 300_000 }, { ContentTypes.Markdown, "[", 1_000_000 }, { ContentTypes.Markdown, "![](", 300_000 },
        { ContentTypes.Markdown, "[a]: b\n", 100_000 }, { ContentTypes.Markdown, "a\n===\n", 100_000 }, { ContentTypes.Markdown, "*", 1_000_000 },
        { ContentTypes.Markdown, "# *a* [b](c)\n", 50_000 }, { ContentTypes.Markdown, "|a|\n|-|\n\n", 100_000 }, { ContentTypes.Markdown, "<div>\n", 200_000 },
        { ContentTypes.Markdown, "```\n", 200_000 }, { ContentTypes.Markdown, "<!--", 300_000 }, { ContentTypes.Markdown, "- a\n", 100_000 },
        { ContentTypes.Markdown, "\t", 1_000_000 }, { ContentTypes.Markdown, "~", 1_000_000 }, { ContentTypes.Markdown, "a\r", 100_000 },
        { ContentTypes.Html, "<div>", 300_000 }, { ContentTypes.Html, "<b a=1>", 200_000 }, { ContentTypes.Html, "<p><b>", 200_000 },
        { ContentTypes.Html, "<table><tr><td>", 100_000 }, { ContentTypes.Html, "<ul><li>x", 200_000 }, { ContentTypes.Html, "<", 1_000_000 },
        { ContentTypes.Html, "&", 1_000_000 }, { ContentTypes.Html, "&notit", 200_000 }, { ContentTypes.Html, "<!--", 300_000 },
        { ContentTypes.Html, "<script>", 200_000 }, { ContentTypes.Html, "<svg>", 200_000 }, { ContentTypes.Html, "<nav><div>", 200_000 },
        { ContentTypes.Html, "<h1>", 200_000 }, { ContentTypes.Html, "<title>", 200_000 }, { ContentTypes.Html, "<pre>\n", 200_000 },
        { ContentTypes.Html, "<a b=c ", 200_000 }, { ContentTypes.PlainText, "\n", 1_000_000 }, { ContentTypes.PlainText, ". ", 500_000 },
    };

    [Theory]
    [MemberData(nameof(Repeated))]
    public void ExtractAndChunk_RepeatedUnit_EndsInTime(string contentType, string unit, int times)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, times)) + "end");
        var clock = Stopwatch.StartNew();

        try
        {
            var document = Documents.Extract(content, contentType);
            new Chunker(new ChunkingOptions(), Documents.CountTokens).Chunk(document).ShouldNotBeEmpty();
        }
        catch (ExtractionException failure)
        {
            failure.Code.ShouldBeOneOf(ExtractionErrorCode.TooDeep, ExtractionErrorCode.NoText);
        }

        clock.Elapsed.ShouldBeLessThan(Limit);
    }

    [Fact]
    public void Extract_ListsIndentedEverDeeper_IsTooDeepAndNamesTheLimit()
    {
        var source = string.Concat(Enumerable.Range(0, 2000).Select(depth => new string(' ', 2 * depth) + "- a\n"));

        var failure = Should.Throw<ExtractionException>(() => Documents.Markdown(source));

        failure.Code.ShouldBe(ExtractionErrorCode.TooDeep);
        failure.Message.ShouldContain("64");
    }

    [Theory]
    [InlineData(ContentTypes.Markdown, "\n", DocumentExtractor.MaxMarkdownLines + 1)]
    [InlineData(ContentTypes.PlainText, "a\n\n", DocumentExtractor.MaxBlocks + 1)]
    [InlineData(ContentTypes.Html, "<p>a", DocumentExtractor.MaxBlocks + 1)]
    public void Extract_MorePartsThanTheLimit_IsTooLargeAndNamesIt(string contentType, string unit, int times)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, times)) + "end");

        var failure = Should.Throw<ExtractionException>(() => Documents.Extract(content, contentType));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("000");
        failure.Remedy.ShouldNotBeEmpty();
    }

    [Fact]
    public void Extract_DeepButHumanNesting_IsRead()
    {
        var source = string.Concat(Enumerable.Range(0, 20).Select(depth => new string(' ', 2 * depth) + "- item\n"));

        Documents.Markdown(source).Blocks.Count.ShouldBe(20);
    }

    [Fact]
    public void ExtractAndChunk_ThirtyTwoMebibytesOfProse_EndsInTime()
    {
        const string paragraph = "The pump of unit 7 was replaced in March. It has run without fault since then, and its log is kept by Dr. Smith.\n\n";
        var content = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(paragraph, 32 * 1024 * 1024 / paragraph.Length)));
        var clock = Stopwatch.StartNew();

        var chunks = new Chunker(new ChunkingOptions(), Documents.CountTokens).Chunk(Documents.Extract(content, ContentTypes.Markdown));

        chunks.Count.ShouldBeGreaterThan(10_000);
        clock.Elapsed.ShouldBeLessThan(Limit);
    }
}
