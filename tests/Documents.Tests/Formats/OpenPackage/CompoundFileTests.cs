using System.Text;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

public sealed class CompoundFileTests
{
    [Theory]
    [InlineData("WordDocument", ".doc", "save it as DOCX")]
    [InlineData("Workbook", ".xls", "save it as XLSX")]
    [InlineData("PowerPoint Document", ".ppt", "save it as PPTX")]
    [InlineData("Something", "OLE compound file", "DOCX, XLSX or PPTX")]
    public void Extract_OfficeFileOfBefore2007_IsNamedWithItsRemedy(string stream, string named, string remedy)
    {
        var content = Compound(stream);
        foreach (var source in (DocumentSource[])[new(content, ContentTypes.Word), DocumentExtractor.Detect(content, null, null), DocumentExtractor.Detect(content, "application/msword", "a.doc")])
        {
            var failure = Should.Throw<ExtractionException>(() => new DocumentExtractor().Extract(source, CancellationToken.None));
            failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
            failure.Message.ShouldContain(named);
            failure.Remedy.ShouldContain(remedy);
        }
    }

    [Theory]
    [InlineData(ContentTypes.Word)]
    [InlineData(ContentTypes.PowerPoint)]
    [InlineData(ContentTypes.Excel)]
    public void Extract_FileWithAPassword_IsEncrypted(string contentType) =>
        Should.Throw<ExtractionException>(() => Documents.Extract(Compound("EncryptedPackage"), contentType)).Code.ShouldBe(ExtractionErrorCode.Encrypted);

    [Fact]
    public void Extract_OpenDocument_IsNamedWithItsRemedy()
    {
        var content = new ZipFile().Add("mimetype", "application/vnd.oasis.opendocument.text").Add("content.xml", "<x/>").Build();
        var failure = Should.Throw<ExtractionException>(() => new DocumentExtractor().Extract(DocumentExtractor.Detect(content, null, null), CancellationToken.None));

        failure.Code.ShouldBe(ExtractionErrorCode.UnsupportedContentType);
        failure.Message.ShouldContain("OpenDocument");
    }

    [Fact]
    public void All_FormatsThatAreRefused_AreNotSaidToBeSupported() =>
        ContentTypes.All.ShouldNotContain(contentType => contentType == "application/x-ole-storage" || contentType.Contains("opendocument"));

    private static byte[] Compound(string stream) => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. Encoding.Unicode.GetBytes(stream), .. new byte[100]];
}
