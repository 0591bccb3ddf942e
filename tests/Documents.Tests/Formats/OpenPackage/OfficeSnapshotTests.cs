using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>
/// What the samples yield, block by block. After a wanted change, run the tests with RAG_APPROVE=1, read the difference and
/// commit it.
/// </summary>
public sealed class OfficeSnapshotTests
{
    [Theory]
    [InlineData("handbook.docx", ContentTypes.Word)]
    [InlineData("talk.pptx", ContentTypes.PowerPoint)]
    [InlineData("budget.xlsx", ContentTypes.Excel)]
    [InlineData("guide.epub", ContentTypes.Epub)]
    public void Extract_RealisticFile_IsAsApproved(string name, string contentType)
    {
        var document = Documents.Extract(Samples.Of(contentType).Build(), contentType);
        var shown = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"title: {document.Title}\nauthor: {document.Properties.Author}\nlanguage: {document.Properties.Language}\npages: {document.Properties.PageCount}\n"));
        foreach (var block in document.Blocks)
        {
            shown.Append(CultureInfo.InvariantCulture, $"\n----- {block.Kind}, {block.Location}, {string.Join(" > ", block.HeadingPath)}\n{document.Text[block.Start..block.End]}\n");
        }

        foreach (var link in document.Links)
        {
            shown.Append(CultureInfo.InvariantCulture, $"\nlink: {document.Text[link.Start..link.End]} -> {link.Target}\n");
        }

        if (Environment.GetEnvironmentVariable("RAG_APPROVE") == "1")
        {
            File.WriteAllText(Source(name + ".approved"), shown.ToString());
            return;
        }

        shown.ToString().ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Snapshots", name + ".approved")));
    }

    private static string Source(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../../Snapshots", name);
}
