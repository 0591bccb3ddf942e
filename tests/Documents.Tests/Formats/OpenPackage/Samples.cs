using RagPlatform.Documents.Tests.Formats.Epub;
using RagPlatform.Documents.Tests.Formats.Excel;
using RagPlatform.Documents.Tests.Formats.PowerPoint;
using RagPlatform.Documents.Tests.Formats.Word;
using static RagPlatform.Documents.Tests.Formats.Word.WordFile;
using Slides = RagPlatform.Documents.Tests.Formats.PowerPoint.PowerPointFile;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>A realistic file of each format, with something of all that it can hold.</summary>
internal static class Samples
{
    public static ZipFile Of(string contentType) => contentType switch
    {
        ContentTypes.Word => Handbook(),
        ContentTypes.PowerPoint => Talk(),
        ContentTypes.Excel => Budget(),
        ContentTypes.Epub => Guide(),
        _ => throw new ArgumentOutOfRangeException(nameof(contentType), contentType, "There is no sample of this type."),
    };

    private static ZipFile Handbook()
    {
        const string down = "<w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>";
        var body = Styled("Titel", "Travel handbook")
            + Styled("berschrift1", "Before the trip")
            + "<w:p>" + R("Ask your manager, then book through ") + "<w:hyperlink r:id=\"rIdH\">" + R("the travel desk") + "</w:hyperlink>" + R(".") + "<w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>"
            + Item(1, 0, "Say where and why.") + Item(1, 1, "Name the project.") + Item(1, 1, "Name the client.") + Item(1, 0, "Wait for the answer.")
            + Styled("Kapitel", "Limits for hotels")
            + "<w:p>" + R("Limits are per night") + "<w:del><w:r><w:delText> and person</w:delText></w:r></w:del><w:ins>" + R(", breakfast included") + "</w:ins>" + R(".") + "<w:r><w:commentReference w:id=\"0\"/></w:r></w:p>"
            + $"<w:tbl><w:tr><w:tc>{P("Country")}</w:tc><w:tc>{P("City")}</w:tc><w:tc>{P("Euro")}</w:tc></w:tr><w:tr><w:tc>{down}{P("Norway")}</w:tc><w:tc>{P("Oslo")}</w:tc><w:tc>{P("180")}</w:tc></w:tr>"
            + $"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>{P("Bergen")}</w:tc><w:tc>{P("150")}</w:tc></w:tr></w:tbl>"
            + "<w:p><w:r><w:lastRenderedPageBreak/></w:r>" + R("The allowance is ") + "<m:oMath><m:f><m:num><m:r><m:t>days+1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>" + R(" times the rate.") + "</w:p>"
            + Item(2, 0, "Keep every bill.") + Item(2, 0, "Hand them in within a month.");
        return With(body)
            .Relate(Main, "rIdH", "hyperlink", "https://travel.example/desk", isExternal: true)
            .Part(Main, "rIdF", "footnotes", "word/footnotes.xml", $"<w:footnotes {OfficeFile.Namespaces}><w:footnote w:id=\"1\">{P("Open from 8 to 18.")}</w:footnote></w:footnotes>")
            .Part(Main, "rIdC", "comments", "word/comments.xml", $"<w:comments {OfficeFile.Namespaces}><w:comment w:id=\"0\" w:author=\"Ann\">{P("Since May.")}</w:comment></w:comments>")
            .Properties("<dc:title>Travel handbook</dc:title><dc:creator>Ann</dc:creator><dc:language>en-GB</dc:language>")
            .Zip();
    }

    private static ZipFile Talk()
    {
        static string Cell(string text) => $"<a:tc><a:txBody>{Slides.P(text)}</a:txBody></a:tc>";
        return Slides.With(
            [1, 3, 2],
            Slides.Title("Quarterly review") + Slides.Shape(Slides.P("Sales team"), "subTitle", "13"),
            Slides.Title("Figures") + Slides.Frame($"<a:tbl><a:tr>{Cell("Region")}{Cell("Euro")}</a:tr><a:tr>{Cell("North")}{Cell("120")}</a:tr></a:tbl>") + Slides.Frame("<c:chart r:id=\"rIdC\"/>"),
            Slides.Title("What happened") + Slides.Shape(Slides.P("New clients") + Slides.P("in the north", 1) + Slides.P("Fewer returns"), "body", "1"))
            .Part(Slides.Path(2), "rIdC", "chart", "ppt/charts/chart1.xml", $"<c:chartSpace {OfficeFile.Namespaces}><c:chart><c:plotArea><c:barChart><c:ser><c:tx><c:v>Returns</c:v></c:tx><c:cat><c:strLit><c:pt idx=\"0\"><c:v>May</c:v></c:pt></c:strLit></c:cat><c:val><c:numLit><c:pt idx=\"0\"><c:v>0.25</c:v></c:pt></c:numLit></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>")
            .Part(Slides.Path(3), "rIdN", "notesSlide", "ppt/notesSlides/notesSlide1.xml", Slides.Slide(Slides.Shape(Slides.P("Thank the team."), "body"), "notes"))
            .Zip();
    }

    private static ZipFile Budget() => ExcelFile.With(
        "", "<si><t>Item</t></si><si><t>Due</t></si><si><r><t>Eu</t></r><r><t>ro</t></r></si>", "<numFmts><numFmt numFmtId=\"164\" formatCode=\"#,##0.00 &quot;EUR&quot;\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs>",
        ("Budget", "", "<sheetData><row r=\"1\">" + ExcelFile.Cell("A1", "Budget 2026") + "</row><row r=\"3\">" + ExcelFile.Value("A3", "0", "t=\"s\"") + ExcelFile.Value("B3", "1", "t=\"s\"") + ExcelFile.Value("C3", "2", "t=\"s\"") + "</row><row r=\"4\">"
            + ExcelFile.Cell("A4", "Rent") + ExcelFile.Value("B4", "46023", "s=\"1\"") + ExcelFile.Value("C4", "1250", "s=\"2\"") + "</row><row r=\"5\">" + ExcelFile.Cell("A5", "Power") + ExcelFile.Value("B5", "46054", "s=\"1\"") + ExcelFile.Value("C5", "99.5", "s=\"2\"") + "</row></sheetData>"),
        ("Notes", "", ExcelFile.Rows(["Who", "What"], ["Ann", "Ask for a lower rent."]) + "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>")).Zip();

    private static ZipFile Guide() => EpubFile.With("<h1>Planting</h1><p>Dig a hole.</p><ul><li>deep</li><li>wide</li></ul>", "<p>Water it every day.</p><blockquote>A tree is for ever.</blockquote>");
}
