using System.Globalization;
using System.Security;
using static RagPlatform.Documents.Tests.Formats.Excel.ExcelFile;

namespace RagPlatform.Documents.Tests.Formats.Excel;

public sealed class CellNumberTests
{
    [Theory]
    [InlineData("General", "1234.5", "1234.5")]
    [InlineData("General", "1E-12", "1E-12")]
    [InlineData("0", "2.5001", "3")]
    [InlineData("0.00", "2", "2.00")]
    [InlineData("#,##0.00", "1234567.891", "1,234,567.89")]
    [InlineData("0%", "0.256", "26%")]
    [InlineData("0.0%", "-0.256", "-25.6%")]
    [InlineData("#,##0.00 \"EUR\"", "12.5", "12.50 EUR")]
    [InlineData("[$€-407] #,##0.00", "12.5", "€ 12.50")]
    [InlineData("#,##0;[Red](#,##0)", "-1500", "(1,500)")]
    [InlineData("_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_)", "-3", "$(3.00)")]
    [InlineData("0.0,,\" M\"", "2500000", "2.5 M")]
    [InlineData("0.00E+00", "12345", "1.23E+04")]
    [InlineData("# ?/?", "0.5", "0.5")]
    [InlineData("[>100]\"big\";\"small\"", "500", "500")]
    [InlineData("yyyy-mm-dd", "45292", "2024-01-01")]
    [InlineData("dd/mm/yyyy hh:mm", "45292.75", "2024-01-01 18:00")]
    [InlineData("d\\-mmm\\-yy", "45322", "2024-01-31")]
    [InlineData("mmm yyyy", "45322", "2024-01")]
    [InlineData("[$-407]d. mmmm", "45322", "31 January")]
    [InlineData("h:mm AM/PM", "0.5", "12:00")]
    [InlineData("mm:ss", "0.001", "01:26")]
    [InlineData("[h]:mm", "1.5", "36:00")]
    [InlineData("yyyy-mm-dd", "1", "1900-01-01")]
    [InlineData("yyyy-mm-dd", "61", "1900-03-01")]
    [InlineData("yyyy-mm-dd", "-5", "-5")]
    [InlineData("yyyy-mm-dd", "1e300", "1E+300")]
    [InlineData("\"unclosed", "7", "unclosed")]
    public void Extract_NumberWithAFormat_IsShownAsTheFormatSays(string format, string value, string expected) =>
        Shown("", $"<numFmts><numFmt numFmtId=\"164\" formatCode=\"{SecurityElement.Escape(format)}\"/></numFmts><cellXfs><xf numFmtId=\"164\"/></cellXfs>", value).ShouldBe(expected);

    [Theory]
    [InlineData(14, "2024-01-01")]
    [InlineData(9, "4529200%")]
    [InlineData(4, "45,292.00")]
    [InlineData(57, "2024-01-01")]
    [InlineData(99, "45292")]
    public void Extract_NumberWithABuiltInFormat_IsShownAsThatSays(int format, string expected) =>
        Shown("", string.Create(CultureInfo.InvariantCulture, $"<cellXfs><xf numFmtId=\"{format}\"/></cellXfs>"), "45292").ShouldBe(expected);

    [Fact]
    public void Extract_DateOfAWorkbookThatCountsFrom1904_IsFourYearsLater() => Shown("date1904=\"1\"", "<cellXfs><xf numFmtId=\"14\"/></cellXfs>", "43830").ShouldBe("2024-01-01");

    private static string Shown(string properties, string styles, string value)
    {
        var document = Read(With(properties, "", styles, ("Data", "", $"<sheetData><row r=\"1\">{Value("A1", value, "s=\"0\"")}</row></sheetData>")));
        return document.Show()[^1]["Paragraph: ".Length..];
    }
}
