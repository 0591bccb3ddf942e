namespace RagPlatform.Documents.Tests.Extraction;

public sealed class MarkdownExtractorTests
{
    [Fact]
    public void Extract_Markdown_StoresTheSourceUnchanged()
    {
        const string source = "# A *b*\r\n\r\ntext &amp; [link](x)\r\n";

        Documents.Markdown(source).Text.ShouldBe(source);
    }

    [Theory]
    [InlineData("---\ntitle: \"From the front\"\n---\n# Heading\n", "From the front")]
    [InlineData("---\ntitle: \"Issue #7\"\n---\n# Heading\n", "Issue #7")]
    [InlineData("---\ntitle: C# in depth # the third edition\n---\n# Heading\n", "C# in depth")]
    [InlineData("---\ntitle: >-\n  folded\n---\n# Heading\n", "folded")]
    [InlineData("intro\n\n# The **`rag`** [command](cli.md) & more #\n", "The rag command & more")]
    [InlineData("Setext\r\n===\r\ntext", "Setext")]
    [InlineData("Two\nlines\n---\n", "Two lines")]
    [InlineData("no heading", "")]
    public void Extract_Title_IsFrontMatterElseFirstHeading(string source, string expected) =>
        Documents.Markdown(source).Title.ShouldBe(expected);

    [Fact]
    public void Extract_Headings_PathsFollowTheirLevels()
    {
        var document = Documents.Markdown("# A\n\n## B\nb\n#### C\nc\n\n## D\nd\n\nE\n===\ne\n");

        document.Blocks.Where(block => block.Kind == BlockKind.Paragraph).Select(block => string.Join('/', block.HeadingPath))
            .ShouldBe(["A/B", "A/B/C", "A/D", "E"]);
        document.Blocks[0].HeadingPath.ShouldBe(["A"]);
    }

    [Fact]
    public void Extract_EveryKind_RangesShowWhatWasWritten() =>
        Documents.Markdown(
            """
            Para one
            wraps.

            - item one
              goes on
              1. nested

                 second paragraph
            - item two

            > quoted
            > words
            >
            > - in a quote

            ```cs
            var x = 1;

            var y = 2;
            ```

                indented code

            | a | b |
            |---|:-:|
            | 1 | 2 |
            | 3 |

            <div align="center">
            html</div>

            <!-- a comment -->

            [ref]: https://example.org
            ***
            last
            """).Show().ShouldBe(
        [
            "Paragraph: Para one⏎wraps.",
            "ListItem: - item one⏎  goes on",
            "ListItem: 1. nested",
            "ListItem: second paragraph",
            "ListItem: - item two",
            "Quote: > quoted⏎> words",
            "ListItem: - in a quote",
            "Code: ```cs⏎var x = 1;⏎⏎var y = 2;⏎```",
            "Code: indented code",
            "TableHeader: | a | b |⏎|---|:-:|",
            "TableRow: | 1 | 2 |",
            "TableRow: | 3 |",
            "Paragraph: <div align=\"center\">⏎html</div>",
            "Paragraph: last",
        ]);

    [Fact]
    public void Extract_UnclosedFence_IsCodeToTheEnd() =>
        Documents.Markdown("```\ncode\n# no heading").Show().ShouldBe(["Code: ```⏎code⏎# no heading"]);

    [Fact]
    public void Extract_PipesWithoutDelimiter_AreProse() =>
        Documents.Markdown("a | b\nc | d").Show().ShouldBe(["Paragraph: a | b⏎c | d"]);

    [Fact]
    public void Extract_RuleAfterText_IsAHeadingOnlyAtTheTopLevel() =>
        Documents.Markdown("- item\n---\n> quote\n===\n").Show().ShouldBe(["ListItem: - item", "Quote: > quote⏎==="]);

    [Fact]
    public void Extract_EndlessHeading_IsAParagraph()
    {
        var document = Documents.Markdown("# " + new string('x', 300) + "\n\ntext");

        document.Title.ShouldBeEmpty();
        document.Blocks.ShouldAllBe(block => block.Kind == BlockKind.Paragraph && block.HeadingPath.Count == 0);
    }

    [Fact]
    public void Extract_FootnotesAndReferences_OnlyProseStays() =>
        Documents.Markdown("See[^1].\n\n[^1]: The note.\n\n[a]: b\n[c]: d").Show().ShouldBe(["Paragraph: See[^1].", "Paragraph: [^1]: The note."]);

    [Fact]
    public void Extract_TableAfterALineOfText_IsATable_AndALineWithoutPipesEndsIt() =>
        Documents.Markdown("Totals\n| a | b |\n|---|---|\n| 1 | 2 |\nSupplies\n| c | d |\n|---|---|\n| 3 | 4 |\nThe end.").Show().ShouldBe(
        [
            "Paragraph: Totals", "TableHeader: | a | b |⏎|---|---|", "TableRow: | 1 | 2 |", "Paragraph: Supplies",
            "TableHeader: | c | d |⏎|---|---|", "TableRow: | 3 | 4 |", "Paragraph: The end.",
        ]);
}
