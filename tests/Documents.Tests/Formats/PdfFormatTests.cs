namespace RagPlatform.Documents.Tests.Formats;

/// <summary>Pages as a reader of PDF gives them: lines at places, in no order.</summary>
public sealed class PdfFormatTests
{
    private const string Prose = "and the rest of the line is prose";

    [Fact]
    public void Extract_TwoColumns_LeftBeforeRight_BetweenLinesThatSpanBoth()
    {
        var lines = new List<PdfLine> { At(100, 40, 500, 60, "A title over both columns") };
        for (var i = 0; i < 8; i++)
        {
            lines.Add(Line(320, 100 + (12 * i), 560, $"right {i} {Prose}"));
            lines.Add(Line(50, 101 + (12 * i), 290, $"left {i} {Prose}"));
        }

        lines.Add(Line(50, 260, 560, "A closing line that spans both of the columns above."));

        var document = Extract(new PdfPage(800, lines));

        document.Show()[0].ShouldBe("Heading: A title over both columns");
        document.Text.IndexOf("left 7", StringComparison.Ordinal).ShouldBeLessThan(document.Text.IndexOf("right 0", StringComparison.Ordinal));
        document.Text.ShouldEndWith("columns above.");
    }

    [Fact]
    public void Extract_Table_IsRowsWithEmptyCellsInPlace()
    {
        var document = Extract(new PdfPage(800,
        [
            Line(50, 100, 110, "Product"), Line(200, 100, 260, "Expected"), Line(350, 100, 400, "Status"),
            Line(50, 120, 100, "SKU-1"), Line(220, 120, 240, "450"),
            Line(225, 140, 240, "780"), Line(350, 140, 370, "OK"),
            Line(50, 160, 100, "SKU-2"), Line(350, 160, 400, "CRITICAL"),
        ]));

        document.Show().ShouldBe(
        [
            "TableHeader: | Product | Expected | Status |⏎| --- | --- | --- |",
            "TableRow: | SKU-1 | 450 |  |",
            "TableRow: |  | 780 | OK |",
            "TableRow: | SKU-2 |  | CRITICAL |",
        ]);
    }

    [Theory]
    [InlineData("The agents support rea-", "soning about reasoning.", "reasoning about reasoning.")]
    [InlineData("A multi-agent system is multi-", "agent through and through.", "is multi-agent through")]
    [InlineData("The chat was optimized, chat-", "optimized even.", "chat-optimized even")]
    [InlineData("Unknown infor-", "mation here.", "information here")]
    [InlineData("The years 1990-", "and later.", "1990- and later")]
    [InlineData("Written by Smith-", "Jones alone.", "Smith- Jones")]
    public void Extract_HyphenAtTheEndOfALine_StaysWhereItBelongs(string first, string second, string expected) =>
        Extract(new PdfPage(800, [Line(50, 100, 500, first), Line(50, 112, 400, second)])).Text.ShouldContain(expected);

    [Fact]
    public void Extract_LinesOfOneParagraph_AreJoined_AndAnIndentBeginsTheNext()
    {
        var document = Extract(new PdfPage(800,
        [
            Line(50, 100, 500, "The first paragraph goes on"), Line(50, 112, 500, "over a second line to its end."),
            Line(70, 124, 500, "The second one is indented at"), Line(50, 136, 300, "its first line."),
            Line(50, 160, 500, "The third stands after a gap."),
        ]));

        document.Show().ShouldBe(
        [
            "Paragraph: The first paragraph goes on over a second line to its end.",
            "Paragraph: The second one is indented at its first line.",
            "Paragraph: The third stands after a gap.",
        ]);
    }

    [Fact]
    public void Extract_Bullets_AreListItemsWithTheirHangingLines()
    {
        var document = Extract(new PdfPage(800,
        [
            Line(50, 100, 500, "• Wear gloves, and keep them"), Line(62, 112, 300, "on until the end."), Line(50, 124, 300, "• Wear glasses."), Line(50, 136, 300, "1. Open the valve."),
        ]));

        document.Show().ShouldBe(["ListItem: - Wear gloves, and keep them on until the end.", "ListItem: - Wear glasses.", "ListItem: 1. Open the valve."]);
    }

    [Fact]
    public void Extract_RunningHeadsAndPageNumbers_AreLeftOut_ButForTheFirstHead()
    {
        var pages = Enumerable.Range(1, 5).Select(page => new PdfPage(800,
        [
            Line(50, 20, 300, "Annual report of the pump works"), Line(50, 400, 500, $"What is said on sheet {(char)('a' + page)}."), Line(280, 780, 290, $"{page + 6}"),
        ])).ToArray();

        var document = Extract(pages);

        document.Show().Count(block => block.Contains("Annual report")).ShouldBe(1);
        document.Text.ShouldNotContain("7");
        document.Blocks.Select(block => block.Location!.Number).ShouldBe([1, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Extract_NumberInTheMiddleOfThePage_IsKept() =>
        Extract(new PdfPage(800, [Line(50, 300, 400, "How many pumps are there?"), Line(50, 330, 60, "42")])).Text.ShouldContain("42");

    [Fact]
    public void Extract_NumberedSection_IsAHeading() =>
        Extract(new PdfPage(800, [Line(50, 100, 60, "2.1"), Line(75, 100, 150, "Pump maintenance"), Line(50, 130, 500, "Pumps are maintained by us.")])).Blocks[1].HeadingPath.ShouldBe(["2.1 Pump maintenance"]);

    [Fact]
    public void Extract_AllPagesWithoutText_IsScanned_AndSaysWhatToDo()
    {
        var failure = Should.Throw<ExtractionException>(() => Extract(new PdfPage(800, []), new PdfPage(800, [])));

        failure.Code.ShouldBe(ExtractionErrorCode.Scanned);
        failure.Message.ShouldContain("2 pages");
        failure.Remedy.ShouldContain("text recognition");
    }

    [Fact]
    public void Extract_SomePagesWithoutText_AreNamedInAWarning() =>
        Extract(new PdfPage(800, []), new PdfPage(800, [Line(50, 100, 400, "Text.")]), new PdfPage(800, [])).Warnings.ShouldHaveSingleItem().ShouldContain("2 of 3 pages hold no text: 1, 3");

    [Fact]
    public void Extract_NoReader_IsToolMissing() =>
        Should.Throw<ExtractionException>(() => Documents.Extract("%PDF-1.4"u8.ToArray(), "application/pdf")).Code.ShouldBe(ExtractionErrorCode.ToolMissing);

    [Fact]
    public void Extract_AnyPlaces_KeepsEveryWord_InLinearishTime()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var lines = Enumerable.Range(0, random.Next(1, 200)).Select(index =>
            {
                var left = random.Next(-100, 700);
                var top = random.Next(100, 700);
                return At(left, top, left + random.Next(0, 500), top + random.Next(0, 30), $"w{index}w {new string('x', random.Next(0, 60))}");
            }).ToList();

            var text = Extract(new PdfPage(10_000, lines)).Text;

            Enumerable.Range(0, lines.Count).ShouldAllBe(index => text.Contains($"w{index}w", StringComparison.Ordinal), $"seed {seed}");
        }
    }

    [Fact]
    public void Extract_PageOfTenThousandLinesLikeATable_EndsInTime()
    {
        var lines = Enumerable.Range(0, 10_000).SelectMany(row => new[] { Line(50, 12 * row, 300, new string('a', 50)), Line(310, 12 * row, 600, new string('b', 50)) }).ToList();

        Extract(new PdfPage(200_000, lines)).Text.Length.ShouldBeGreaterThan(1_000_000);
    }

    private static ExtractedDocument Extract(params PdfPage[] pages) => new DocumentExtractor(new FakeReader(pages))
        .Extract(new DocumentSource("%PDF-1.4"u8.ToArray(), "application/pdf"), CancellationToken.None);

    private static PdfLine Line(double left, double top, double right, string text) => At(left, top, right, top + 10, text);

    private static PdfLine At(double left, double top, double right, double bottom, string text) => new(left, top, right, bottom, text);

    private sealed class FakeReader(PdfPage[] pages) : IPdfTextReader
    {
        public PdfText Read(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(pages, "", DocumentProperties.None);
    }
}
