using static RagPlatform.Documents.Tests.Formats.Word.WordFile;

namespace RagPlatform.Documents.Tests.Formats.Word;

public sealed class WordTableTests
{
    [Fact]
    public void Extract_Table_IsMarkdownWithTheFirstRowAsHeader() =>
        Read(Table(["City", "Limit | night"], ["Oslo", "180"], ["", ""], ["Lyon", "140"])).Show()
            .ShouldBe(["TableHeader: | City | Limit \\| night |⏎| --- | --- |", "TableRow: | Oslo | 180 |", "TableRow: | Lyon | 140 |"]);

    [Fact]
    public void Extract_MergedCells_AreRepeatedDownwardsAndEmptySideways()
    {
        const string down = "<w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>";
        const string more = "<w:tcPr><w:vMerge/></w:tcPr>";
        Read($"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{P("Place")}</w:tc><w:tc>{P("Euro")}</w:tc></w:tr>"
            + $"<w:tr><w:tc>{down}{P("Norway")}</w:tc><w:tc>{P("Oslo")}</w:tc><w:tc>{P("180")}</w:tc></w:tr>"
            + $"<w:tr><w:tc>{more}{P("")}</w:tc><w:tc>{P("Bergen")}</w:tc><w:tc>{P("150")}</w:tc></w:tr></w:tbl>").Show()
            .ShouldBe(["TableHeader: | Place |  | Euro |⏎| --- | --- | --- |", "TableRow: | Norway | Oslo | 180 |", "TableRow: | Norway | Bergen | 150 |"]);
    }

    [Fact]
    public void Extract_MergedCellWithoutABeginning_KeepsItsText() =>
        Read($"<w:tbl><w:tr><w:tc>{P("a")}</w:tc><w:tc>{P("b")}</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{P("c")}</w:tc><w:tc>{P("d")}</w:tc></w:tr></w:tbl>").Show()[^1].ShouldBe("TableRow: | c | d |");

    [Fact]
    public void Extract_LongMergedCell_IsNotRepeated()
    {
        var text = new string('x', 101);
        Read($"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>{P(text)}</w:tc><w:tc>{P("a")}</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>{P("b")}</w:tc></w:tr></w:tbl>")
            .Show()[^1].ShouldBe("TableRow: |  | b |");
    }

    [Fact]
    public void Extract_NestedTable_IsFlattenedIntoItsCell() =>
        Read($"<w:tbl><w:tr><w:tc>{P("a")}</w:tc><w:tc>{P("outer")}{Table(["1", "2"], ["3", "4"])}</w:tc></w:tr></w:tbl>").Show()
            .ShouldBe(["TableHeader: | a | outer; 1, 2; 3, 4 |⏎| --- | --- |"]);

    [Fact]
    public void Extract_ListInACell_KeepsItsItemsApart() =>
        Read($"<w:tbl><w:tr><w:tc>{P("Bring")}</w:tc><w:tc>{Item(2, 0, "a pen")}{Item(2, 0, "paper")}</w:tc></w:tr></w:tbl>").Show().ShouldBe(["TableHeader: | Bring | a pen; paper |⏎| --- | --- |"]);

    [Fact]
    public void Extract_FrameOfOneCell_IsNoTable() => Read($"<w:tbl><w:tr><w:tc>{Item(2, 0, "a")}{Item(2, 0, "b")}</w:tc></w:tr></w:tbl>").Show().ShouldBe(["ListItem: - a", "ListItem: - b"]);

    [Fact]
    public void Extract_TitleOverAllColumns_StandsBeforeTheTable() =>
        Read($"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{P("Limits")}</w:tc></w:tr><w:tr><w:tc>{P("a")}</w:tc><w:tc>{P("b")}</w:tc></w:tr></w:tbl>").Show()
            .ShouldBe(["Paragraph: Limits", "TableHeader: | a | b |⏎| --- | --- |"]);

    [Fact]
    public void Extract_DeletedRowAndInsertedCell_AreAsAccepted() =>
        Read($"<w:tbl><w:tr><w:tc>{P("a")}</w:tc><w:tc>{P("b")}</w:tc></w:tr><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr><w:tc>{P("x")}</w:tc><w:tc>{P("y")}</w:tc></w:tr><w:tr><w:tc>{P("c")}</w:tc><w:sdt><w:sdtContent><w:tc>{P("d")}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>").Show()
            .ShouldBe(["TableHeader: | a | b |⏎| --- | --- |", "TableRow: | c | d |"]);

    [Fact]
    public void Extract_SpanOfAMillionColumns_StaysATable() =>
        Read($"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"1000000\"/></w:tcPr>{P("a")}</w:tc><w:tc>{P("b")}</w:tc></w:tr></w:tbl>").Text.Length.ShouldBeLessThan(1000);
}
