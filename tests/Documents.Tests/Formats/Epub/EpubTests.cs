using System.Text;
using RagPlatform.Documents.Tests.Formats.OpenPackage;
using static RagPlatform.Documents.Tests.Formats.Epub.EpubFile;

namespace RagPlatform.Documents.Tests.Formats.Epub;

public sealed class EpubTests
{
    [Fact]
    public void Extract_Chapters_ComeInReadingOrderWithTheirPlaces()
    {
        var document = Read(With("<h1>One</h1><p>First &amp; last.</p>", "<p>No heading here.</p>", "<h1>Three</h1><p>End.</p>"));

        document.Show().ShouldBe(["Heading: One", "Paragraph: First & last.", "Heading: The Middle", "Paragraph: No heading here.", "Heading: Three", "Paragraph: End."]);
        document.Blocks.Select(block => block.Location?.ToString()).ShouldBe(["Beginning", "Beginning", "The Middle", "The Middle", "Three", "Three"]);
    }

    [Fact]
    public void Extract_Metadata_IsOfTheBook()
    {
        var document = Read(With("<p>Text.</p>"));

        document.Title.ShouldBe("The Book");
        document.Properties.Author.ShouldBe("Ann Author; Bob");
        document.Properties.Language.ShouldBe("en");
        document.Properties.CreatedAt.ShouldBe(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        document.Properties.ModifiedAt.ShouldBe(new DateTimeOffset(2021, 2, 3, 4, 5, 6, TimeSpan.Zero));
    }

    [Fact]
    public void Extract_CoverAndContents_AreLeftOut() =>
        Read(WithPackage(Metadata, "<guide><reference type=\"cover\" href=\"text/c1.xhtml\"/></guide>", "<p>Cover art.</p>", "<h1>One</h1>")).Show().ShouldBe(["Heading: One"]);

    [Fact]
    public void Extract_ElementsThatXmlClosesAtOnce_SwallowNothing() =>
        Read(With("<p>A<a id=\"p1\"/>B</p><script src=\"x.js\"/><p title=\"a > b\">C<br/>D</p><!-- <title/> -->")).Show()[^2..].ShouldBe(["Paragraph: AB", "Paragraph: C⏎D"]);

    [Fact]
    public void Extract_HeadersAsidesAndFooters_AreOfTheBook()
    {
        var text = string.Join(' ', Enumerable.Repeat("A long chapter.", 100));
        Read(With($"<header><h1>One</h1><p>Motto.</p></header><p>{text}</p><aside class=\"sidebar\"><p>A box.</p></aside><aside id=\"n1\"><p>A note.</p></aside><footer><p>The end.</p></footer>")).Show()
            .ShouldBe(["Heading: One", "Paragraph: Motto.", $"Paragraph: {text}", "Paragraph: A box.", "Paragraph: A note.", "Paragraph: The end."]);
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("windows-1252")]
    [InlineData("utf-16")]
    public void Extract_ChapterInAnotherEncoding_IsReadByItsDeclaration(string encoding)
    {
        var chapter = Chapter("<p>café</p>").Replace("utf-8", encoding, StringComparison.Ordinal);
        var bytes = encoding == "utf-16" ? [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(chapter)] : Encoding.Latin1.GetBytes(chapter);
        Read(With("x").Add("OEBPS/text/c1.xhtml", bytes)).Show()[^1].ShouldBe("Paragraph: café");
    }

    [Fact]
    public void Extract_ChapterThatIsMissing_IsTold()
    {
        var file = With("<p>a</p>");
        file.Add("OEBPS/book.opf", Encoding.UTF8.GetString(file.Content("OEBPS/book.opf")).Replace("</manifest><spine>", "<item id=\"gone\" href=\"gone.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"gone\"/>", StringComparison.Ordinal));

        Read(file).Warnings.ShouldHaveSingleItem().ShouldContain("OEBPS/gone.xhtml");
    }

    [Fact]
    public void Extract_ContentsThatAreBroken_LoseNoChapter() =>
        Read(With("<p>a</p>", "<p>b</p>").Add("OEBPS/nav.xhtml", "<html><nav>&nbsp;")).Show().ShouldBe(["Paragraph: a", "Paragraph: b"]);

    [Theory]
    [InlineData("OEBPS/text/c1.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc", true)]
    [InlineData("OEBPS/font.otf", "http://www.idpf.org/2008/embedding", false)]
    public void Extract_CopyProtection_IsToldAndScrambledFontsAreNot(string path, string algorithm, bool isLocked)
    {
        var file = With("<p>a</p>").Add("META-INF/encryption.xml", $"<encryption><EncryptedData><EncryptionMethod Algorithm=\"{algorithm}\"/><CipherData><CipherReference URI=\"{path}\"/></CipherData></EncryptedData></encryption>");
        if (isLocked)
        {
            Should.Throw<ExtractionException>(() => Read(file)).Code.ShouldBe(ExtractionErrorCode.Encrypted);
        }
        else
        {
            Read(file).Blocks.Count.ShouldBe(2);
        }
    }

    [Fact]
    public void Extract_ZipOfSomethingElse_NamesWhatIsMissing()
    {
        var failure = Should.Throw<ExtractionException>(() => Read(new ZipFile().Add("a.txt", "a")));

        failure.Code.ShouldBe(ExtractionErrorCode.Damaged);
        failure.Message.ShouldContain("META-INF/container.xml");
    }
}
