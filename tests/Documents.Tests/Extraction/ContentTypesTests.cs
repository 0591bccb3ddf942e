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
    public void Detect_DeclaredThenUriThenContent_FirstThatTellsWins(string? declared, string? uri, string content, string expected) =>
        ContentTypes.Normalize(DocumentExtractor.Detect(Encoding.UTF8.GetBytes(content), declared, uri).ContentType).ShouldBe(expected);

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

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain("application/x-shockwave-flash");
        failure.Message.ShouldContain("text/markdown");
        failure.Remedy.ShouldNotBeEmpty();
    }
}
