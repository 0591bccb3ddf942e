using System.Text;

namespace RagPlatform.Documents.Tests.Extraction;

public sealed class ContentTypesTests
{
    private const string Pdf = "%PDF-1.7\n";

    [Theory]
    [InlineData("text/plain", "a.md", "# x", ContentTypes.PlainText)]
    [InlineData("Text/Markdown; charset=utf-8", null, "x", ContentTypes.Markdown)]
    [InlineData("application/xhtml+xml", null, "x", ContentTypes.Html)]
    [InlineData("application/octet-stream", "a.md", "x", ContentTypes.Markdown)]
    [InlineData("", "https://example.org/docs/Page.HTML?x=1.md#a.txt", "x", ContentTypes.Html)]
    [InlineData(null, "notes.txt", "<html>", ContentTypes.PlainText)]
    [InlineData(null, "archive.unknown", "  <!DOCTYPE html><p>x", ContentTypes.Html)]
    [InlineData(null, null, "<!-- saved from url=(0014)about:internet -->\n<html><p>x", ContentTypes.Html)]
    [InlineData(null, null, "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\">\n<html><p>x</p></html>", ContentTypes.Html)]
    [InlineData(null, null, "<!-- no end\n<html>", ContentTypes.PlainText)]
    [InlineData(null, null, "Intro\n\n## Use\n", ContentTypes.Markdown)]
    [InlineData(null, null, "#hashtag is no heading", ContentTypes.PlainText)]
    [InlineData(null, "report.pdf", Pdf, "application/pdf")]
    public void Detect_WhatContentDoesNotTell_DeclarationThenNameDo(string? declared, string? name, string content, string expected)
    {
        var source = DocumentExtractor.Detect(Encoding.UTF8.GetBytes(content), declared, name);

        ContentTypes.Normalize(source.ContentType).ShouldBe(expected);
        source.Mismatch.ShouldBeNull();
    }

    [Theory]
    [InlineData("text/plain", null, Pdf, "application/pdf", "Declared text/plain")]
    [InlineData(ContentTypes.Word, "a.docx", Pdf, "application/pdf", "Declared " + ContentTypes.Word)]
    [InlineData(null, "report.txt", Pdf, "application/pdf", "Named as text/plain")]
    [InlineData("image/png", "x.png", Pdf, "application/pdf", "Declared image/png")]
    [InlineData("application/pdf", "report.pdf", "<!doctype html><p>Not found", ContentTypes.Html, "Declared application/pdf")]
    [InlineData(null, "report.pdf", "A plain text.", ContentTypes.PlainText, "Named as application/pdf")]
    [InlineData("text/x-setext; charset=utf-8", null, "A plain text.", ContentTypes.PlainText, "Declared text/x-setext")]
    public void Detect_ContentIsSomethingElse_WinsAndIsTold(string? declared, string? name, string content, string expected, string mismatch)
    {
        var source = DocumentExtractor.Detect(Encoding.UTF8.GetBytes(content), declared, name);

        ContentTypes.Normalize(source.ContentType).ShouldBe(expected);
        source.Mismatch.ShouldNotBeNull().ShouldStartWith(mismatch);
        source.Mismatch.ShouldContain(expected);
    }

    [Fact]
    public void Extract_Mismatch_IsTheFirstWarning() =>
        new DocumentExtractor().Extract(DocumentExtractor.Detect("Plain."u8.ToArray(), "application/pdf", null), CancellationToken.None)
            .Warnings[0].ShouldStartWith("Declared application/pdf, but the content is text/plain");

    [Fact]
    public void Detect_DamagedFileOfItsName_IsStillOfItsName() =>
        DocumentExtractor.Detect(new byte[] { 0x50, 0x4B, 3, 4, 9, 9, 9 }, null, "report.docx").ContentType.ShouldBe(ContentTypes.Word);

    [Theory]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }, "image/png", "PNG")]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }, "text/plain", "JPEG")]
    [InlineData(new byte[] { 0x7B, 0x5C, 0x72, 0x74, 0x66, 0x31 }, "application/rtf", "RTF")]
    [InlineData(new byte[] { 0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x41, 0x56, 0x45 }, null, "WAV")]
    [InlineData(new byte[] { 0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6F, 0x6D }, null, "MP4")]
    [InlineData(new byte[] { 0x7F, 0x45, 0x4C, 0x46, 2 }, null, "ELF")]
    public void Detect_KnownFormatWithoutText_IsNamed_WithARemedy(byte[] content, string? declared, string named)
    {
        var failure = Should.Throw<ExtractionException>(() => DocumentExtractor.Detect(content, declared, "file"));

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain(named);
        failure.Remedy.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("a.unknown", "a\0b")]
    [InlineData(null, "")]
    public void Detect_NothingTells_SaysSo(string? name, string content) =>
        Should.Throw<ExtractionException>(() => DocumentExtractor.Detect(Encoding.UTF8.GetBytes(content), null, name))
            .Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);

    [Fact]
    public void Detect_UnsupportedDeclaration_NamesTheValueAndWhatIsSupported()
    {
        var failure = Should.Throw<ExtractionException>(() => DocumentExtractor.Detect("x"u8.ToArray(), "application/x-shockwave-flash", "a.md"));
        failure.Message.ShouldNotContain("opendocument");
        failure.Message.ShouldNotContain("ole-storage");

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain("application/x-shockwave-flash");
        failure.Message.ShouldContain("text/markdown");
        failure.Remedy.ShouldNotBeEmpty();
    }
}
