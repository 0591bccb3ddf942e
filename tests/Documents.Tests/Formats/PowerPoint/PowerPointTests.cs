using RagPlatform.Documents.Tests.Formats.OpenPackage;
using static RagPlatform.Documents.Tests.Formats.PowerPoint.PowerPointFile;

namespace RagPlatform.Documents.Tests.Formats.PowerPoint;

public sealed class PowerPointTests
{
    [Fact]
    public void Extract_Slides_ComeInTheOrderOfThePresentation()
    {
        var document = Read(With([2, 1], Title("Second"), Title("First") + Shape(P("Text."))));

        document.Show().ShouldBe(["Heading: First", "Paragraph: Text.", "Heading: Second"]);
        document.Blocks.Select(block => block.Location?.ToString()).ShouldBe(["slide 1", "slide 1", "slide 2"]);
        document.Properties.PageCount.ShouldBe(2);
    }

    [Fact]
    public void Extract_TitleAfterOtherShapes_ComesFirst() => Read(Shape(P("Text.")) + Title("Title")).Show().ShouldBe(["Heading: Title", "Paragraph: Text."]);

    [Fact]
    public void Extract_SlideWithoutTitle_StandsUnderAHeadingOfItsOwn() =>
        Read(Title("One"), Shape(P("Text."))).Blocks[^1].HeadingPath.ShouldBe(["Slide 2"]);

    [Fact]
    public void Extract_HiddenSlide_IsReadAndTold()
    {
        var document = Read(Title("One"), Slide(Title("Two"), attributes: "show=\"0\""));

        document.Show().ShouldBe(["Heading: One", "Heading: Two"]);
        document.Warnings.ShouldHaveSingleItem().ShouldContain("Slide 2 is hidden");
    }

    [Fact]
    public void Extract_BodyText_HasTheBulletsOfItsMasterUnlessToldOtherwise() =>
        Read(Title("T") + Shape(P("a") + P("b", 1) + P("c", 0, "<a:buNone/>"), "body", "1") + Shape(P("no bullets here"), "body", "13") + Shape(P("free") + P("own", 0, "<a:buChar char=\"-\"/>"))).Text
            .ShouldBe("T\n\n- a\n  - b\n\nc\n\nno bullets here\n\nfree\n\n- own");

    [Fact]
    public void Extract_NumberedParagraphs_AreCountedByLevel()
    {
        static string Numbered(string text, int level, string type, string more = "") => P(text, level, $"<a:buAutoNum type=\"{type}\" {more}/>");
        Read(Title("T") + Shape(Numbered("a", 0, "arabicPeriod") + Numbered("b", 1, "alphaLcParenR") + Numbered("c", 1, "alphaLcParenR") + Numbered("d", 0, "arabicPeriod") + Numbered("e", 1, "alphaLcParenR") + P("x") + Numbered("f", 0, "romanUcParenBoth", "startAt=\"3\""))).Text
            .ShouldBe("T\n\n1. a\n  a) b\n  b) c\n2. d\n  a) e\n\nx\n\n(III) f");
    }

    [Fact]
    public void Extract_TableWithMergedCells_IsMarkdown()
    {
        static string Cell(string text, string attributes = "") => $"<a:tc {attributes}><a:txBody>{P(text)}</a:txBody></a:tc>";
        Read(Title("T") + Frame($"<a:tbl><a:tr>{Cell("Place", "gridSpan=\"2\"")}{Cell("", "hMerge=\"1\"")}</a:tr><a:tr>{Cell("Norway", "rowSpan=\"2\"")}{Cell("Oslo")}</a:tr><a:tr>{Cell("", "vMerge=\"1\"")}{Cell("Bergen")}</a:tr></a:tbl>")).Show()
            .ShouldBe(["Heading: T", "TableHeader: | Place |  |⏎| --- | --- |", "TableRow: | Norway | Oslo |", "TableRow: | Norway | Bergen |"]);
    }

    [Fact]
    public void Extract_ChartAndDiagram_TellTheirWordsAndFigures()
    {
        const string chart = "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Growth</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx=\"0\"><c:v>Norway</c:v></c:pt></c:strCache></c:strRef></c:tx>"
            + "<c:cat><c:strRef><c:strCache><c:pt idx=\"0\"><c:v>2024</c:v></c:pt><c:pt idx=\"1\"><c:v>2025</c:v></c:pt></c:strCache></c:strRef></c:cat>"
            + "<c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode><c:pt idx=\"0\"><c:v>0.5</c:v></c:pt><c:pt idx=\"1\"><c:v>0.75</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart>";
        var file = With([1], Title("T") + Frame("<c:chart r:id=\"rIdC\"/>") + Frame("<dgm:relIds r:dm=\"rIdD\"/>"))
            .Part(Path(1), "rIdC", "chart", "ppt/charts/chart1.xml", $"<c:chartSpace {OfficeFile.Namespaces}>{chart}</c:chartSpace>")
            .Part(Path(1), "rIdD", "diagramData", "ppt/diagrams/data1.xml", $"<dgm:dataModel {OfficeFile.Namespaces}><dgm:ptLst><dgm:pt type=\"doc\"/><dgm:pt><dgm:t>{P("Plan")}</dgm:t></dgm:pt><dgm:pt><dgm:t>{P("Do")}</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>");

        Read(file).Show().ShouldBe(["Heading: T", "Paragraph: Growth", "TableHeader: |  | Norway |⏎| --- | --- |", "TableRow: | 2024 | 50% |", "TableRow: | 2025 | 75% |", "ListItem: - Plan", "ListItem: - Do"]);
    }

    [Fact]
    public void Extract_GroupsPicturesAndLinks_AreRead()
    {
        var document = Read(With([1], Title("T")
            + "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"g\"/></p:nvGrpSpPr><p:grpSp>" + Shape(P("Deep.")) + "</p:grpSp></p:grpSp>"
            + "<p:pic><p:nvPicPr><p:cNvPr id=\"1\" name=\"p\" descr=\"A map\"/></p:nvPicPr></p:pic>"
            + Shape("<a:p><a:r><a:t>See </a:t></a:r><a:r><a:rPr><a:hlinkClick r:id=\"rIdH\"/></a:rPr><a:t>here</a:t></a:r><a:br/><a:r><a:t>now</a:t></a:r></a:p>"))
            .Relate(Path(1), "rIdH", "hyperlink", "https://a.example/", isExternal: true));

        document.Show().ShouldBe(["Heading: T", "Paragraph: Deep.", "Paragraph: A map", "Paragraph: See here⏎now"]);
        document.Links.Select(link => (document.Text[link.Start..link.End], link.Target)).ShouldBe([("here", "https://a.example/")]);
    }

    [Fact]
    public void Extract_NotesAndComments_FollowTheirSlide()
    {
        var file = With([1, 2], Title("One"), Title("Two"))
            .Part(Path(1), "rIdN", "notesSlide", "ppt/notesSlides/notesSlide1.xml", Slide(Shape(P("1"), "sldNum") + Shape(P("Say hello."), "body"), "notes"))
            .Part(Path(1), "rIdC", "comments", "ppt/comments/comment1.xml", $"<p:cmLst {OfficeFile.Namespaces}><p:cm authorId=\"0\"><p:text>Why?</p:text></p:cm></p:cmLst>")
            .Part(Main, "rIdA", "commentAuthors", "ppt/commentAuthors.xml", $"<p:cmAuthorLst {OfficeFile.Namespaces}><p:cmAuthor id=\"0\" name=\"Ann\"/></p:cmAuthorLst>");

        var document = Read(file);
        document.Show().ShouldBe(["Heading: One", "Heading: Notes", "Paragraph: Say hello.", "Quote: Comment by Ann: Why?", "Heading: Two"]);
        document.Blocks[2].HeadingPath.ShouldBe(["One", "Notes"]);
    }

    [Fact]
    public void Extract_TitleTooLongForAHeading_StillEndsTheSlideBefore()
    {
        var document = Read(With([1, 2], Title("One") + Shape(P("First.")), Title(new string('t', 300)) + Shape(P("Second."))));

        document.Show()[2].ShouldStartWith("Paragraph: ttt");
        document.Blocks.Select(block => string.Join('/', block.HeadingPath)).ShouldBe(["One", "One", "", ""]);
    }

    [Fact]
    public void Extract_FooterDateAndNumber_AreLeftOut() =>
        Read(Title("T") + Shape(P("Confidential"), "ftr") + Shape(P("1.1.2026"), "dt") + Shape(P("7"), "sldNum") + Shape(P("Text."))).Show().ShouldBe(["Heading: T", "Paragraph: Text."]);
}
