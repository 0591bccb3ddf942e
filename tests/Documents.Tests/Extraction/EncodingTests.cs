using System.Text;

namespace RagPlatform.Documents.Tests.Extraction;

public sealed class EncodingTests
{
    [Fact]
    public void Extract_ByteOrderMarks_AreReadAndNotStored()
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes("Grüße 😀 \uFFFD")];

            Documents.Extract(content, "text/plain").Text.ShouldBe("Grüße 😀 \uFFFD");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x62, 0xC3, 0x28 }, "byte 2")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x61, 0xFF }, "byte 4")]
    [InlineData(new byte[] { 0x61, 0xE2, 0x82 }, "byte 1")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00, 0x3D, 0xD8, 0x61, 0x00 }, "byte 4")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x61, 0xDE, 0x00 }, "byte 4")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61 }, "byte 2")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, "U+0000")]
    public void Extract_InvalidBytes_NamesWhere(byte[] content, string expected)
    {
        var failure = Should.Throw<ExtractionException>(() => Documents.Extract(content, "text/plain"));

        failure.Code.ShouldBe(ExtractionErrorCode.InvalidEncoding);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void Extract_UnreadableCharset_NamesIt() =>
        Should.Throw<ExtractionException>(() => Documents.Extract("x"u8.ToArray(), "text/html; charset=\"Shift_JIS\""))
            .Message.ShouldContain("shift_jis");

    [Theory]
    [InlineData("text/plain", " \r\n\t ")]
    [InlineData("text/markdown", "---\ntitle: only this\n---\n<!-- nothing -->\n")]
    [InlineData("text/html", "<title>t</title><script>let x = 1</script><nav>menu</nav>")]
    [InlineData("text/html", "")]
    public void Extract_NothingToRead_IsNoText(string contentType, string content) =>
        Should.Throw<ExtractionException>(() => Documents.Extract(Encoding.UTF8.GetBytes(content), contentType))
            .Code.ShouldBe(ExtractionErrorCode.NoText);

    [Fact]
    public void Extract_TooLarge_NamesSizeAndLimit()
    {
        var failure = Should.Throw<ExtractionException>(() => Documents.Extract(new byte[DocumentExtractor.MaxContentBytes + 1], "text/plain"));

        failure.Code.ShouldBe(ExtractionErrorCode.TooLarge);
        failure.Message.ShouldContain("67108865");
        failure.Message.ShouldContain("67108864");
    }
}
