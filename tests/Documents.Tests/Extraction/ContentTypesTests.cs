using System.Text;

namespace RagPlatform.Documents.Tests.Extraction;

public sealed class ContentTypesTests
{
    [Theory]
    [InlineData("text/plain", "a.md", "# x", ContentTypes.PlainText)]
    [InlineData("Text/Markdown; charset=utf-8", null, "x", ContentTypes.Markdown)]
    [InlineData("application/xhtml+xml", null, "x", ContentTypes.Html)]
    [InlineData("application/octet-stream", "a.md", "x", ContentTypes.Markdown)]
    [InlineData("", "https://example.org/docs/Page.HTML?x=1.md#a.txt", "x", ContentTypes.Html)]
    [InlineData(null, "notes.txt", "<html>", ContentTypes.PlainText)]
    [InlineData(null, "archive.unknown", "  <!DOCTYPE html><p>x", ContentTypes.Html)]
    [InlineData(null, null, "Intro\n\n## Use\n", ContentTypes.Markdown)]
    [InlineData(null, null, "#hashtag is no heading", ContentTypes.PlainText)]
    [InlineData(null, "a.pdf", "%PDF-1.7", null)]
    [InlineData(null, null, "a\0b", null)]
    [InlineData(null, null, "", null)]
    public void Detect_DeclaredThenUriThenContent_FirstThatTellsWins(string? declared, string? uri, string content, string? expected) =>
        ContentTypes.Detect(declared, uri, Encoding.UTF8.GetBytes(content)).ShouldBe(expected);

    [Fact]
    public void Detect_InvalidUtf8WithoutAnyHint_IsUnknown() =>
        ContentTypes.Detect(null, null, [0x61, 0xC3, 0x28]).ShouldBeNull();

    [Fact]
    public void Detect_UnsupportedDeclaration_NamesTheValueAndWhatIsSupported()
    {
        var failure = Should.Throw<ExtractionException>(() => ContentTypes.Detect("application/pdf", "a.md", "x"u8));

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain("application/pdf");
        failure.Message.ShouldContain("text/markdown");
        failure.Remedy.ShouldNotBeEmpty();
    }
}
