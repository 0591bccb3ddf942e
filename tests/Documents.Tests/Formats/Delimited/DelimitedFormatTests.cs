using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Delimited;

public sealed class DelimitedFormatTests
{
    private const string Csv = "text/csv";

    private const string Orders =
        """"
        order;customer;note;total
        1;"Müller; Söhne";"says ""hello""";12,50
        2;Smith|Jones;"two
        lines";7,00

        3;Tanaka;;
        4;"Short row"
        5;Long;row;1,00;extra
        """";

    [Fact]
    public void Extract_Orders_AreRowsUnderTheirHeader() => Read(Orders).ShouldBeAsApproved("orders.csv");

    [Theory]
    [InlineData("a,b\n1,2\n", "a", "b")]
    [InlineData("a;b\n1,5;2,5\n", "a", "b")]
    [InlineData("a\tb\n1,5\t2;5\n", "a", "b")]
    [InlineData("a|b\n1|2\n", "a", "b")]
    [InlineData("sep=;\r\na;b,c\r\n1;2\r\n", "a", "b,c")]
    [InlineData("\"a,x\",b\r\n\"1;1\",2\r\n", "a,x", "b")]
    [InlineData("a, \"b,c\"\n1, \"2,3\"\n", "a", "b,c")]
    public void Extract_Delimiter_IsFound(string text, params string[] header)
    {
        var document = Read(text);

        document.Blocks[0].Kind.ShouldBe(BlockKind.TableHeader);
        document.Text.ShouldStartWith($"| {string.Join(" | ", header)} |\n");
    }

    [Theory]
    [InlineData("name,age\nAnn,30\n", true)]
    [InlineData("名前,年齢,住所\n佐藤太郎,30,東京\n", true)]
    [InlineData("Country,2019,2020\nPeru,1,2\n", true)]
    [InlineData(",x,y\n0,1,2\n", true)]
    [InlineData("Ann,30\nBob,31\n", false)]
    [InlineData("2026-01-31,Oslo\n2026-02-01,Rome\n", false)]
    [InlineData("a,,b\n1,2,3\n", false)]
    [InlineData("a,a\n1,2\n", false)]
    [InlineData("only,row\n", false)]
    [InlineData("Ann\nBob\n", false)]
    public void Extract_FirstRow_IsAHeaderWhereItNames(string text, bool isHeader) =>
        (Read(text).Blocks[0].Kind == BlockKind.TableHeader).ShouldBe(isHeader);

    [Theory]
    [InlineData("Sales,,\n,,\n")]
    [InlineData("Sales\n\n")]
    public void Extract_TitleAboveTheTable_IsAParagraphAndTheNamesAreTheHeader(string title)
    {
        var document = Read(title + "Day,Customer,Euro\n2026-01-01,Ann,5\n2026-01-02,Bob,7\n");

        document.Show()[..2].ShouldBe(["Paragraph: Sales", "TableHeader: | Day | Customer | Euro |⏎| --- | --- | --- |"]);
        document.Blocks.Select(block => block.Location!.Number).ShouldBe([1, 3, 4, 5]);
        document.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Extract_ShortFirstRowWithoutNamesBelow_IsARow() =>
        Read("Ann,,\nBob,2,3\nCy,4,5\n").Show()[0].ShouldBe("TableRow: | Ann |  |  |");

    [Fact]
    public void Extract_Rows_KnowTheirNumbersAsASpreadsheetCounts() =>
        Read("a,b\r\n1,\"x\r\ny\"\r\n\r\n2,z\r\n").Blocks.Select(block => block.Location!.ToString()).ShouldBe(["row 1", "row 2", "row 4"]);

    [Fact]
    public void Extract_RaggedRows_KeepAllCellsAndWarn()
    {
        var document = Read("a,b\n1\n2,3\n4,5,6\n");

        document.Show().ShouldBe(["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | 1 |", "TableRow: | 2 | 3 |", "TableRow: | 4 | 5 | 6 |"]);
        document.Warnings.ShouldHaveSingleItem().ShouldContain("2 rows");
        document.Warnings[0].ShouldContain("row 2");
    }

    [Fact]
    public void Extract_QuoteNeverClosed_IsTextAndTold()
    {
        var document = Read("a,b\n1,\"open\n2,x\"\"\n");

        document.Text.ShouldContain("| 1 | \"open |");
        document.Text.ShouldContain("| 2 | x\"\" |");
        document.Warnings.ShouldHaveSingleItem().ShouldContain("row 2");
    }

    [Fact]
    public void Extract_MoreColumnsThanASpreadsheet_NamesRowAndLimit()
    {
        var failure = Should.Throw<ExtractionException>(() => Read("a,b\n" + new string(',', 16_384)));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("row 2");
        failure.Message.ShouldContain("16384");
    }

    [Fact]
    public void Extract_EndlessCell_NamesPlaceAndLimit()
    {
        var failure = Should.Throw<ExtractionException>(() => Read("a,b\n1,\"" + new string('x', 1024 * 1024) + "\"\n"));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("row 2, column 2");
        failure.Message.ShouldContain("1048576");
    }

    [Fact]
    public void Extract_MoreRowsThanBlocks_IsTooLarge() =>
        Should.Throw<ExtractionException>(() => Read(string.Concat(Enumerable.Repeat("1,2\n", DocumentExtractor.MaxBlocks + 1)))).Code.ShouldBe(ExtractionErrorCode.TooLarge);

    [Theory]
    [InlineData("id,name,city\n1,Ann,Oslo\n2,Bob,Rome\n3,Cy,Bonn\n", true)]
    [InlineData("id;name;city\r\n1;Ann;Oslo\r\n2;Bob;Rome\r\n3;Cy;Bonn\r\n4;Di;Pisa\r\n", true)]
    [InlineData("First, we went, as planned\nThen, we came, as told\nLater, we left, as known\nEnd, of it, all\nx", false)]
    [InlineData("Dear all,\nplease come,\nsoon,\nor late,\nBye\n", false)]
    [InlineData("1,2,3\n4,5,6\n7,8,9\n1,2,3\n4,5,6\n", false)]
    public void Detect_WithoutAName_OnlyATableIsOne(string text, bool isTable) =>
        (DocumentFormats.OfContent(Encoding.UTF8.GetBytes(text))?.ContentType == Csv).ShouldBe(isTable);

    [Fact]
    public void Extract_DamagedTables_AreReadOrRefused() => Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Orders), Csv, times: 400);

    private static ExtractedDocument Read(string text) => Documents.Extract(Encoding.UTF8.GetBytes(text), Csv);
}
