using RagPlatform.Documents.Tests.Formats.OpenPackage;

namespace RagPlatform.Documents.Tests.Formats.Excel;

/// <summary>Workbooks, from the markup of their sheets.</summary>
internal static class ExcelFile
{
    public const string Main = "xl/workbook.xml";

    private const string Namespace = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

    /// <param name="sheets">Names, with "hidden" or empty, and what is in the worksheet element.</param>
    public static OfficeFile With(params (string Name, string State, string Xml)[] sheets) => With("", "", "", sheets);

    public static OfficeFile With(string properties, string sharedStrings, string styles, params (string Name, string State, string Xml)[] sheets)
    {
        var list = sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" {(sheet.State.Length > 0 ? $"state=\"{sheet.State}\"" : "")} r:id=\"rIdS{i + 1}\"/>");
        var file = new OfficeFile(Main)
            .Part(Main, $"<workbook {Namespace}><workbookPr {properties}/><sheets>{string.Concat(list)}</sheets></workbook>")
            .Part(Main, "rIdT", "sharedStrings", "xl/sharedStrings.xml", $"<sst {Namespace}>{sharedStrings}</sst>")
            .Part(Main, "rIdF", "styles", "xl/styles.xml", $"<styleSheet {Namespace}>{styles}</styleSheet>");
        for (var i = 1; i <= sheets.Length; i++)
        {
            file.Part(Main, $"rIdS{i}", "worksheet", Path(i), $"<worksheet {Namespace}>{sheets[i - 1].Xml}</worksheet>");
        }

        return file;
    }

    public static string Path(int sheet) => $"xl/worksheets/sheet{sheet}.xml";

    public static ExtractedDocument Read(string sheetXml) => Read(With(("Data", "", sheetXml)));

    public static ExtractedDocument Read(OfficeFile file) => Documents.Extract(file.Build(), ContentTypes.Excel);

    /// <summary>Rows of inline texts from A on; a null cell is left out, and so is an empty row.</summary>
    public static string Rows(params string?[][] rows) => $"<sheetData>{string.Concat(rows.Select((row, r) => row.Length == 0 ? "" : $"<row r=\"{r + 1}\">{string.Concat(row.Select((cell, c) => cell is null ? "" : Cell($"{(char)('A' + c)}{r + 1}", cell)))}</row>"))}</sheetData>";

    public static string Cell(string reference, string text) => $"<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>";

    public static string Value(string reference, string value, string attributes = "") => $"<c r=\"{reference}\" {attributes}><v>{value}</v></c>";
}
