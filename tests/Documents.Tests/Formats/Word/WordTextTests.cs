using RagPlatform.Documents.Tests.Formats.OpenPackage;
using static RagPlatform.Documents.Tests.Formats.Word.WordFile;

namespace RagPlatform.Documents.Tests.Formats.Word;

public sealed class WordTextTests
{
    [Fact]
    public void Extract_StylesOfAnyLanguageAndDerivedOnes_GiveHeadings()
    {
        var document = Read(Styled("Titel", "Handbuch") + Styled("berschrift1", "Reisen") + Styled("Kapitel", "Hotel") + P("Text.") + P("Anhang", "<w:outlineLvl w:val=\"0\"/>") + P("Ende."));

        document.Title.ShouldBe("Handbuch");
        document.Blocks.Select(block => string.Join(" > ", block.HeadingPath)).ShouldBe(["Handbuch", "Reisen", "Reisen > Hotel", "Reisen > Hotel", "Anhang", "Anhang"]);
        document.Properties.Language.ShouldBe("de");
    }

    [Fact]
    public void Extract_OutlineLevelOfBodyText_IsNoHeading() =>
        Read(P("Text.", "<w:pStyle w:val=\"berschrift1\"/><w:outlineLvl w:val=\"9\"/>")).Show().ShouldBe(["Paragraph: Text."]);

    [Fact]
    public void Extract_TrackedChanges_KeepsInsertionsAndDropsDeletions() =>
        Read("<w:p>" + R("The fee is ") + "<w:del><w:r><w:delText>20</w:delText></w:r></w:del><w:ins>" + R("30") + "</w:ins><w:moveFrom>" + R(" gone") + "</w:moveFrom><w:moveTo>" + R(" euros") + "</w:moveTo></w:p>"
            + "<w:del>" + P("A deleted paragraph.") + "</w:del><w:ins>" + P("An inserted one.") + "</w:ins>")
            .Show().ShouldBe(["Paragraph: The fee is 30 euros", "Paragraph: An inserted one."]);

    [Fact]
    public void Extract_Fields_ShowsResultsOnly()
    {
        var field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>" + R("hidden condition") + "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" + R("12") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        Read("<w:p>" + R("Page ") + field + R(" of ") + "<w:fldSimple w:instr=\" NUMPAGES \">" + R("40") + "</w:fldSimple></w:p>").Show().ShouldBe(["Paragraph: Page 12 of 40"]);
    }

    [Fact]
    public void Extract_FieldThatNeverEnds_LosesNothingOfTheNextParagraph() =>
        Read("<w:p>" + R("Before") + "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r></w:p>" + P("After"))
            .Show().ShouldBe(["Paragraph: Before", "Paragraph: After"]);

    [Fact]
    public void Extract_TableOfContents_IsLeftOut() =>
        Read(Styled("Inhalt", "Reisen\t3") + Styled("berschrift1", "Reisen") + P("Text.")).Show().ShouldBe(["Heading: Reisen", "Paragraph: Text."]);

    [Fact]
    public void Extract_Hyperlinks_AreLinksOnTheirText()
    {
        var field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> HYPERLINK \"https://b.example/x\" \\o \"tip\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
            + R("the field") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        var document = Read(With(
            "<w:p>" + R("  See ") + "<w:hyperlink r:id=\"rId9\">" + R("the policy") + "</w:hyperlink>" + R(" and ") + field + "</w:p>"
            + "<w:tbl><w:tr><w:tc>" + P("a | b") + "</w:tc><w:tc><w:p><w:hyperlink r:id=\"rId9\">" + R("in a cell") + "</w:hyperlink></w:p></w:tc></w:tr></w:tbl>")
            .Relate(Main, "rId9", "hyperlink", "https://a.example/", isExternal: true));

        document.Links.Select(link => (document.Text[link.Start..link.End], link.Target)).ShouldBe(
            [("the policy", "https://a.example/"), ("the field", "https://b.example/x"), ("in a cell", "https://a.example/")]);
    }

    [Fact]
    public void Extract_BreaksSymbolsAndSpecialCharacters_AreReadable() =>
        Read("<w:p>" + R("one") + "<w:r><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t><w:softHyphen/><w:t>five </w:t>"
            + "<w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/><w:sym w:font=\"Symbol\" w:char=\"F061\"/><w:sym w:font=\"Webdings\" w:char=\"F021\"/></w:r></w:p>")
            .Show().ShouldBe(["Paragraph: one⏎two\tthree\u2011fourfive ✓α"]);

    [Fact]
    public void Extract_PageBreaksThatWordNoted_GivePages()
    {
        var document = Read(P("First.") + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second</w:t></w:r><w:r><w:t xml:space=\"preserve\"> and </w:t><w:lastRenderedPageBreak/><w:t>third.</w:t></w:r></w:p>" + P("Third."));

        document.Blocks.Select(block => block.Location?.ToString()).ShouldBe(["page 1", "page 2", "page 3"]);
        document.Properties.PageCount.ShouldBe(3);
    }

    [Fact]
    public void Extract_NoNotedPageBreaks_TellsNoPages() => Read(P("Text.") + "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>" + P("More.")).Blocks.ShouldAllBe(block => block.Location == null);

    [Fact]
    public void Extract_TextBoxDrawnTwice_IsToldOnceAfterItsParagraph()
    {
        const string box = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>";
        Read("<w:p>" + R("Around it.") + $"<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>" + P("Next."))
            .Show().ShouldBe(["Paragraph: Around it.", "Paragraph: In the box", "Paragraph: Next."]);
    }

    [Fact]
    public void Extract_HiddenTextAndPlaceholders_AreLeftOutAndHiddenTextIsTold()
    {
        var document = Read("<w:p>" + R("Seen.") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r></w:p><w:sdt><w:sdtPr/><w:sdtContent>" + P("Controlled.") + "</w:sdtContent></w:sdt>"
            + "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + R("Click here.") + "</w:sdtContent></w:sdt></w:p>");

        document.Show().ShouldBe(["Paragraph: Seen.", "Paragraph: Controlled."]);
        document.Warnings.ShouldHaveSingleItem().ShouldContain("hidden");
    }

    [Fact]
    public void Extract_NotesAndComments_StandAfterTheTextThatRefersToThem()
    {
        var file = With(
            "<w:p>" + R("Trips") + "<w:r><w:footnoteReference w:id=\"7\"/></w:r>" + R(" are paid") + "<w:r><w:endnoteReference w:id=\"2\"/></w:r><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>" + P("Next."))
            .Part(Main, "rIdF", "footnotes", "word/footnotes.xml", $"<w:footnotes {OfficeFile.Namespaces}><w:footnote w:type=\"separator\" w:id=\"-1\">{P("---")}</w:footnote><w:footnote w:id=\"7\">{P("Within the country.")}</w:footnote></w:footnotes>")
            .Part(Main, "rIdE", "endnotes", "word/endnotes.xml", $"<w:endnotes {OfficeFile.Namespaces}><w:endnote w:id=\"2\">{P("Since 2020.")}</w:endnote></w:endnotes>")
            .Part(Main, "rIdC", "comments", "word/comments.xml", $"<w:comments {OfficeFile.Namespaces}><w:comment w:id=\"0\" w:author=\"Ann\">{P("Is it?")}</w:comment><w:comment w:id=\"5\" w:author=\"Bob\">{P("Nowhere.")}</w:comment></w:comments>");

        Read(file).Show().ShouldBe(
        [
            "Paragraph: Trips[^1] are paid[^i]", "Paragraph: [^1]: Within the country.", "Paragraph: [^i]: Since 2020.", "Quote: Comment by Ann: Is it?", "Paragraph: Next.", "Quote: Comment by Bob: Nowhere.",
        ]);
    }

    [Fact]
    public void Extract_QuotesAndCode_AreSuch() =>
        Read(Styled("Zitat", "Said.") + Styled("Code", "if (x)") + Styled("Code", "    y();") + P("Text.")).Show().ShouldBe(["Quote: Said.", "Code: if (x)⏎    y();", "Paragraph: Text."]);

    [Fact]
    public void Extract_AlternativeTextOfAPicture_IsText() =>
        Read("<w:p><w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"Picture 1\" descr=\"A map of the office\"/></wp:inline></w:drawing></w:r></w:p>").Show().ShouldBe(["Paragraph: A map of the office"]);

    [Fact]
    public void Extract_Properties_AreOfTheDocument()
    {
        var document = Read(With(P("Text.")).Properties("<dc:title>Travel</dc:title><dc:creator>Ann;Bob</dc:creator><dc:language>fr-FR</dc:language><cp:keywords>a, b</cp:keywords>"
            + "<dcterms:created>2024-03-01T10:00:00Z</dcterms:created><dcterms:modified>2024-04-02</dcterms:modified>"));

        document.Title.ShouldBe("Travel");
        document.Properties.Author.ShouldBe("Ann; Bob");
        document.Properties.Language.ShouldBe("fr");
        document.Properties.CreatedAt.ShouldBe(new DateTimeOffset(2024, 3, 1, 10, 0, 0, TimeSpan.Zero));
        document.Properties.ModifiedAt.ShouldBe(new DateTimeOffset(2024, 4, 2, 0, 0, 0, TimeSpan.Zero));
        document.Properties.Metadata["keywords"].ShouldBe("a, b");
    }
}
