using RagPlatform.Documents.Tests.Formats.Excel;
using RagPlatform.Documents.Tests.Formats.Word;
using static RagPlatform.Documents.Tests.Formats.Word.WordFile;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>Well-packed parts whose markup is broken or means harm.</summary>
public sealed class HostileXmlTests
{
    [Fact]
    public void Extract_BrokenMarkup_IsToldByPartAndLine()
    {
        var failure = Fail(With("\n<w:p><w:r>"));

        failure.Code.ShouldBe(ExtractionErrorCode.Damaged);
        failure.Message.ShouldContain("word/document.xml is not well-formed at line 2");
    }

    [Fact]
    public void Extract_EntitiesThatMultiply_AreRefused() =>
        Fail(With("").Part(Main, "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><x>&b;</x>")).Code.ShouldBe(ExtractionErrorCode.Damaged);

    [Fact]
    public void Extract_EntityOfAFileOutside_IsNotRead() =>
        Fail(With("").Part(Main, "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>")).Code.ShouldBe(ExtractionErrorCode.Damaged);

    [Theory]
    [InlineData("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")]
    [InlineData("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>")]
    [InlineData("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>")]
    public void Extract_MarkupInsideMarkup_IsTooDeep(string open, string close)
    {
        const int depth = 5_000;
        var body = string.Concat(Enumerable.Repeat(open, depth)) + P("deep") + string.Concat(Enumerable.Repeat(close, depth));
        Fail(With(body)).Code.ShouldBe(ExtractionErrorCode.TooDeep);
    }

    [Fact]
    public void Extract_ParagraphOfAMillionRuns_IsTooLargeToHold() =>
        Fail(With($"<w:p>{string.Concat(Enumerable.Repeat("<w:r/>", XmlNodes))}</w:p>" + P(Convert.ToBase64String(HostileZipTests.RandomBytes(30_000)))), isRepetitive: true)
            .Message.ShouldContain("more than 500000 elements");

    [Fact]
    public void Extract_ElementOfAMillionAttributes_IsTooLargeToHold()
    {
        var attributes = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $" a{i}=\"\""));
        Fail(With($"<w:p{attributes}>{R("text")}</w:p>")).Message.ShouldContain("holds a tag or a text of more than 8388608 bytes or 65536 attributes");
    }

    [Fact]
    public void Extract_TextWithoutEnd_IsTooLargeToHold() =>
        Fail(With(P(Convert.ToBase64String(HostileZipTests.RandomBytes(7 * 1024 * 1024)))), isRepetitive: true).Message.ShouldContain("holds a tag or a text of more than 8388608 bytes");

    [Fact]
    public void Extract_ElementOfManyAttributes_IsRead() =>
        Read($"<w:p{string.Concat(Enumerable.Range(0, 50_000).Select(i => $" a{i}=\"\""))}>{R("text")}</w:p>").Show().ShouldBe(["Paragraph: text"]);

    [Fact]
    public void Extract_SmallPartThatIsReferredToWithoutEnd_IsTooLarge()
    {
        var chart = "<w:r><w:drawing><c:chart r:id=\"rIdC\"/></w:drawing></w:r>";
        Fail(With(string.Concat(Enumerable.Repeat($"<w:p>{string.Concat(Enumerable.Repeat(chart, 1000))}</w:p>", 60))).Part(Main, "rIdC", "chart", "word/charts/chart1.xml", "<x/>"))
            .Message.ShouldContain("refers to its parts more than 50000 times");
    }

    [Fact]
    public void Extract_StylesThatInheritFromThemselves_End() =>
        Read(With(Styled("A", "text")).Part("word/styles.xml", $"<w:styles {OfficeFile.Namespaces}><w:style w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style><w:style w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style></w:styles>"))
            .Show().ShouldBe(["Paragraph: text"]);

    [Fact]
    public void Extract_NoteThatIsReferredToOften_IsToldOnce()
    {
        var references = string.Concat(Enumerable.Repeat("<w:r><w:footnoteReference w:id=\"1\"/></w:r>", 1000));
        var note = new string('n', 1000);
        var document = Read(With($"<w:p>{references}</w:p>").Part(Main, "rIdF", "footnotes", "word/footnotes.xml", $"<w:footnotes {OfficeFile.Namespaces}><w:footnote w:id=\"1\">{P(note)}</w:footnote></w:footnotes>"));
        document.Text.Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public void Extract_LongTextThatManyCellsShare_IsTooLarge()
    {
        var text = Convert.ToBase64String(HostileZipTests.RandomBytes(30_000));
        var rows = string.Concat(Enumerable.Range(1, 1000).Select(row => $"<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"));
        Should.Throw<ExtractionException>(() => ExcelFile.Read(ExcelFile.With("", $"<si><t>{text}</t></si>", "", ("Data", "", $"<sheetData>{rows}</sheetData>"))))
            .Code.ShouldBe(ExtractionErrorCode.TooLarge);
    }

    [Fact]
    public void Extract_CharactersThatXmlHasNot_AreReadAndNulIsDropped() => Read(P("a&#x1;b&#x0;c")).Text.ShouldBe("a\u0001bc");

    private const int XmlNodes = 600_000;

    private static ExtractionException Fail(OfficeFile file, bool isRepetitive = false) => Should.Throw<ExtractionException>(() => Documents.Extract(
        isRepetitive ? file.Zip().Build(System.IO.Compression.CompressionLevel.NoCompression) : file.Build(), ContentTypes.Word));
}
