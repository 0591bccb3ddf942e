using System.Diagnostics;

namespace RagPlatform.Documents.Tests.Extraction;

public sealed class MarkdownLinksTests
{
    [Theory]
    [InlineData("See [the guide](docs/guide.md).", "the guide", "docs/guide.md")]
    [InlineData("See [it](a_(b).md \"Title\").", "it", "a_(b).md")]
    [InlineData("See [it](<a b.md>).", "it", "a b.md")]
    [InlineData("# About [it](x)", "it", "x")]
    [InlineData("- item [it](x)", "it", "x")]
    [InlineData("| a | b |\n|---|---|\n| [it](x) | 1 |", "it", "x")]
    [InlineData("[it][1] is here.\n\n[1]: https://example.org \"T\"", "it", "https://example.org")]
    [InlineData("[It][] is here.\n\n[it]: <https://example.org>", "It", "https://example.org")]
    [InlineData("At <https://example.org/a?b>.", "https://example.org/a?b", "https://example.org/a?b")]
    [InlineData("[![badge](b.svg)](target)", "![badge](b.svg)", "target")]
    public void Extract_Link_StandsOnItsWords(string source, string words, string target)
    {
        var document = Documents.Markdown(source);

        document.Links.Select(link => (document.Text[link.Start..link.End], link.Target)).ShouldBe([(words, target)]);
    }

    [Theory]
    [InlineData("![picture](a.png)")]
    [InlineData("`[no](link)`")]
    [InlineData("```\n[no](link)\n```")]
    [InlineData("\\[no](link)")]
    [InlineData("[no] (link)")]
    [InlineData("[no](never closed")]
    [InlineData("[unknown][label]")]
    [InlineData("a < b > c")]
    public void Extract_NoLink_IsNone(string source) => Documents.Markdown(source).Links.ShouldBeEmpty();

    [Theory]
    [InlineData("[", 1_000_000)]
    [InlineData("[a](", 300_000)]
    [InlineData("[a][", 300_000)]
    [InlineData("[a](b)", 200_000)]
    [InlineData("`", 1_000_001)]
    [InlineData("` `` ", 200_000)]
    [InlineData("<a", 500_000)]
    [InlineData("]", 1_000_000)]
    public void Extract_Hostile_EndsInTime_WithBoundedLinks(string unit, int times)
    {
        var clock = Stopwatch.StartNew();

        Documents.Markdown("x " + string.Concat(Enumerable.Repeat(unit, times))).Links.Count.ShouldBeLessThanOrEqualTo(DocumentExtractor.MaxLinks);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Extract_ListsInListsOfFrontMatter_CostNoStack()
    {
        var document = Documents.Markdown($"---\ntags: [a, {new string('[', 100_000)}b{new string(']', 100_000)}, c]\n---\nText.\n");

        document.Properties.Metadata["tags"].ShouldBe("a, c");
        document.Show()[^1].ShouldBe("Paragraph: Text.");
    }

    [Theory]
    [InlineData("[Ann]: I agree with that.\n[Bob]: So do I.\n", true)]
    [InlineData("[a]: https://a.example\n[b]: <b c> \"Title\"\n[c]: d 'e'\n[f]:\n", false)]
    public void Extract_LinesThatStartLikeReferences_AreLeftOutOnlyWhereTheyAreSome(string lines, bool isProse) =>
        Documents.Markdown("Text.\n\n" + lines).Blocks.Count.ShouldBe(isProse ? 2 : 1);

    [Fact]
    public void Extract_PreformattedHtml_IsCode() =>
        Documents.Markdown("Text.\n\n<pre>\na  b\n\nc\n</pre>\n\n<style>\np {}\n</style>\n").Show().ShouldBe(["Paragraph: Text.", "Code: <pre>⏎a  b⏎⏎c⏎</pre>"]);

    [Fact]
    public void Extract_FrontMatter_BecomesProperties()
    {
        var document = Documents.Markdown(
            "---\ntitle: \"Pump P7\"\ndate: 2024-05-01\nlastmod: 2024-06-02T08:00:00Z\nauthor: Ada # the first\nlang: en-GB\ntags: [pumps, 'maintenance']\naliases:\n  - p7\n  - pump seven\n"
            + "nested:\n  key: value\ndraft: false\ndescription: >\n  Two\n  lines\n---\n# P7\n\nText.\n");

        document.Title.ShouldBe("Pump P7");
        document.Properties.Author.ShouldBe("Ada");
        document.Properties.Language.ShouldBe("en");
        document.Properties.CreatedAt.ShouldBe(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero));
        document.Properties.ModifiedAt.ShouldBe(new DateTimeOffset(2024, 6, 2, 8, 0, 0, TimeSpan.Zero));
        document.Properties.Metadata["tags"].ShouldBe("pumps, maintenance");
        document.Properties.Metadata["aliases"].ShouldBe("p7, pump seven");
        document.Properties.Metadata["draft"].ShouldBe("false");
    }
}
