using RagPlatform.Documents.Tests.Formats.OpenPackage;
using static RagPlatform.Documents.Tests.Formats.Excel.ExcelFile;

namespace RagPlatform.Documents.Tests.Formats.Excel;

public sealed class ExcelTests
{
    [Fact]
    public void Extract_Sheets_AreTablesUnderTheirNamesAndHiddenOnesAreTold()
    {
        var document = Read(With(
            ("Prices", "", Rows(["Item", "Euro"], ["Tea", "2"])), ("Secret", "hidden", Rows(["x", "y"], ["1", "2"])), ("Empty", "", "<sheetData/>"), ("Stock", "", Rows(["Item", "Count"], ["Tea", "7"]))));

        document.Show().ShouldBe(
        [
            "Heading: Prices", "TableHeader: | Item | Euro |⏎| --- | --- |", "TableRow: | Tea | 2 |",
            "Heading: Stock", "TableHeader: | Item | Count |⏎| --- | --- |", "TableRow: | Tea | 7 |",
        ]);
        document.Blocks.Select(block => block.Location?.ToString()).ShouldBe(["Prices", "Prices, row 1", "Prices, row 2", "Stock", "Stock, row 1", "Stock, row 2"]);
        document.Warnings.ShouldHaveSingleItem().ShouldContain("\"Secret\" is hidden");
    }

    [Fact]
    public void Extract_KindsOfCells_AreShownAsPeopleSeeThem()
    {
        var file = With("", "<si><t>shared</t></si><si><r><t>ri</t></r><r><rPr/><t>ch</t></r><rPh><t>reading</t></rPh></si><si><t>two_x000D_\nlines</t></si>", "",
            ("Data", "", "<sheetData><row r=\"1\">" + Value("A1", "0", "t=\"s\"") + Value("B1", "1", "t=\"s\"") + Value("C1", "2", "t=\"s\"") + "</row><row r=\"2\">"
                + Value("A2", "1", "t=\"b\"") + Value("B2", "#DIV/0!", "t=\"e\"") + "<c r=\"C2\" t=\"str\"><f>A1&amp;B1</f><v>joined</v></c></row><row r=\"3\">"
                + Value("A3", "0.30000000000000004") + Value("B3", "1E+20") + Value("C3", "99", "t=\"s\"") + "</row></sheetData>"));

        Read(file).Show()[1..].ShouldBe(["TableHeader: | shared | rich | two lines |⏎| --- | --- | --- |", "TableRow: | TRUE | #DIV/0! | joined |", "TableRow: | 0.3 | 100000000000000000000 |  |"]);
    }

    [Fact]
    public void Extract_TablesWithEmptyRowsBetween_AreSeveralTables() =>
        Read(Rows(["a", "b"], ["1", "2"], [], ["c", "d", "e"], ["3", null, "5"])).Show()[1..].ShouldBe(
            ["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | 1 | 2 |", "TableHeader: | c | d | e |⏎| --- | --- | --- |", "TableRow: | 3 |  | 5 |"]);

    [Fact]
    public void Extract_GroupsAndTotalsBelowAnEmptyRow_StayInTheirColumns() =>
        Read(Rows(["Day", "Customer", "Euro"], ["Mon", "Ann", "5"], [], ["Tue", "Bob", "7"], ["Tue", "Cy", "1"], [], [null, "Total", "13"])).Text.ShouldEndWith(
            "| Day | Customer | Euro |\n| --- | --- | --- |\n| Mon | Ann | 5 |\n| Tue | Bob | 7 |\n| Tue | Cy | 1 |\n|  | Total | 13 |");

    [Fact]
    public void Extract_LoneRowBesideTheColumnsOfATable_IsNoRowOfIt() =>
        Read(Rows(["City", "Euro"], ["Oslo", "5"], [], ["Printed", "by", "Ann"])).Text.ShouldEndWith("| Oslo | 5 |\n\n| Printed | by | Ann |");

    [Fact]
    public void Extract_TitleAboveATable_IsAParagraph() =>
        Read(Rows(["Sales 2026"], ["City", "Euro"], ["Oslo", "5"])).Show()[1..].ShouldBe(["Paragraph: Sales 2026", "TableHeader: | City | Euro |⏎| --- | --- |", "TableRow: | Oslo | 5 |"]);

    [Fact]
    public void Extract_LoneRowsAndCells_AreKept() =>
        Read(Rows(["Note: all prices net"], [], ["Total", "12"])).Show()[1..].ShouldBe(["Paragraph: Note: all prices net", "TableRow: | Total | 12 |"]);

    [Fact]
    public void Extract_CellInTheLastCorner_CostsNoGrid()
    {
        var document = Read("<sheetData><row r=\"1\">" + Cell("A1", "first") + Cell("XFD1", "far") + "</row><row r=\"1048576\">" + Cell("XFD1048576", "last") + "</row></sheetData>");

        document.Show()[1..].ShouldBe(["TableRow: | first | far |", "Paragraph: last"]);
        document.Blocks[^1].Location!.Number.ShouldBe(1_048_576);
    }

    [Fact]
    public void Extract_CellsWithoutReferences_FollowOneAnother() =>
        Read("<sheetData><row><c t=\"inlineStr\"><is><t>a</t></is></c><c t=\"inlineStr\"><is><t>b</t></is></c></row><row><c><v>1</v></c><c><v>2</v></c></row></sheetData>").Show()[1..]
            .ShouldBe(["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | 1 | 2 |"]);

    [Fact]
    public void Extract_MergedCells_AreRepeatedDownwards() =>
        Read(Rows(["Country", "City"], ["Norway", "Oslo"], [null, "Bergen"]) + "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>").Show()[^1].ShouldBe("TableRow: | Norway | Bergen |");

    [Fact]
    public void Extract_MergedRangesOverTheWholeSheet_EndSoon() =>
        Read(Rows(["a", "b"], [null, "c"]) + $"<mergeCells>{string.Concat(Enumerable.Repeat("<mergeCell ref=\"A1:XFD1048576\"/>", 2000))}</mergeCells>").Show()[^1].ShouldBe("TableRow: | a | c |");

    [Fact]
    public void Extract_FormulasWithoutResults_AreTold() =>
        Read("<sheetData><row r=\"1\">" + Cell("A1", "a") + "<c r=\"B1\"><f>SUM(A:A)</f></c></row></sheetData>").Warnings.ShouldHaveSingleItem().ShouldContain("without a stored result: 1");

    [Fact]
    public void Extract_BinaryWorkbook_IsNamedWithItsRemedy()
    {
        var failure = Should.Throw<ExtractionException>(() => Read(new OfficeFile("xl/workbook.bin").Part("xl/workbook.bin", "\u0083\u0001")));

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain(".xlsb");
    }

    [Fact]
    public void Extract_LinksAndComments_AreKept()
    {
        var document = Read(With(("Data", "", Rows(["a", "b"], ["see | here", "x"]) + "<hyperlinks><hyperlink ref=\"A2\" r:id=\"rIdH\"/></hyperlinks>"))
            .Relate(Path(1), "rIdH", "hyperlink", "https://a.example/", isExternal: true)
            .Part(Path(1), "rIdC", "comments", "xl/comments1.xml", "<comments><authors><author>Ann</author></authors><commentList><comment ref=\"B2\" authorId=\"0\"><text><r><t>Why </t></r><r><t>x?</t></r></text></comment></commentList></comments>"));

        document.Links.Select(link => (document.Text[link.Start..link.End], link.Target)).ShouldBe([("see \\| here", "https://a.example/")]);
        document.Show()[^1].ShouldBe("Quote: Comment by Ann on B2: Why x?");
    }

    [Fact]
    public void Extract_TextBoxOverTheCells_IsRead() =>
        Read(With(("Data", "", Rows(["a"])))
            .Part(Path(1), "rIdD", "drawing", "xl/drawings/drawing1.xml", $"<xdr:wsDr xmlns:xdr=\"urn:x\" {OfficeFile.Namespaces}><xdr:sp><xdr:txBody><a:p><a:r><a:t>In a box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"))
            .Show()[^1].ShouldBe("Paragraph: In a box");
}
