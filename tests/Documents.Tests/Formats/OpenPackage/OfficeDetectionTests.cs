using RagPlatform.Documents.Tests.Formats.Epub;
using RagPlatform.Documents.Tests.Formats.Excel;
using RagPlatform.Documents.Tests.Formats.PowerPoint;
using RagPlatform.Documents.Tests.Formats.Word;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

public sealed class OfficeDetectionTests
{
    public static TheoryData<string, byte[]> Files => new()
    {
        { ContentTypes.Word, WordFile.With(WordFile.P("Text.")).Build() },
        { ContentTypes.PowerPoint, PowerPointFile.With([1], PowerPointFile.Title("Title")).Build() },
        { ContentTypes.Excel, ExcelFile.With(("Data", "", ExcelFile.Rows(["a"]))).Build() },
        { ContentTypes.Epub, EpubFile.With("<p>Text.</p>").Build() },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Detect_ContentAlone_TellsTheFormat(string expected, byte[] content) => DocumentExtractor.Detect(content, null, null).ContentType.ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Files))]
    public void Recognizes_EveryBeginning_IsTheFormatOrAnArchive(string expected, byte[] content)
    {
        const int localHeaderBytes = 30;
        for (var bytes = localHeaderBytes; bytes < content.Length; bytes += 17)
        {
            DocumentFormats.All.Where(format => format.Recognizes(content.AsMemory(0, bytes))).ShouldAllBe(format => format.ContentType == expected || format.ContentType == "application/zip");
        }
    }

    [Theory]
    [InlineData("report.docm", ContentTypes.Word)]
    [InlineData("letter.dotx", ContentTypes.Word)]
    [InlineData("talk.ppsx", ContentTypes.PowerPoint)]
    [InlineData("talk.pptm", ContentTypes.PowerPoint)]
    [InlineData("budget.xlsm", ContentTypes.Excel)]
    [InlineData("novel.epub", ContentTypes.Epub)]
    public void OfName_VariantsWithMacrosAndTemplates_AreTheFormat(string name, string expected) => DocumentFormats.OfName(name)!.ContentType.ShouldBe(expected);

    [Theory]
    [InlineData("application/vnd.ms-word.document.macroEnabled.12", ContentTypes.Word)]
    [InlineData("application/vnd.openxmlformats-officedocument.presentationml.slideshow", ContentTypes.PowerPoint)]
    [InlineData("application/vnd.ms-excel.sheet.macroEnabled.12", ContentTypes.Excel)]
    public void Normalize_VariantsWithMacrosAndTemplates_AreTheFormat(string contentType, string expected) => ContentTypes.Normalize(contentType).ShouldBe(expected);
}
