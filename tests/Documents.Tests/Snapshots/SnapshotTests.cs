using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace RagPlatform.Documents.Tests.Snapshots;

/// <summary>
/// Realistic documents, chunked: the approved files beside this one show what a reader of the index gets. After a wanted
/// change, run the tests with RAG_APPROVE=1, read the difference and commit it.
/// </summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("runbook.md")]
    [InlineData("refunds.html")]
    [InlineData("minutes.txt")]
    public void Chunk_RealisticDocument_IsAsApproved(string name)
    {
        var content = File.ReadAllBytes(Built(name));
        var document = new DocumentExtractor().Extract(DocumentExtractor.Detect(content, null, name), CancellationToken.None);
        var chunks = new Chunker(new ChunkingOptions { MaxTokens = 120, OverlapTokens = 24 }, Documents.CountTokens).Chunk(document);
        var shown = new StringBuilder($"title: {document.Title}\n");
        foreach (var chunk in chunks)
        {
            shown.Append(CultureInfo.InvariantCulture, $"\n----- {chunk.Ordinal}: {chunk.StartOffset}..{chunk.EndOffset}, {chunk.TokenCount} tokens, {string.Join(" > ", chunk.HeadingPath)}\n");
            shown.Append(document.Text, chunk.StartOffset, chunk.EndOffset - chunk.StartOffset).Append('\n');
        }

        if (Environment.GetEnvironmentVariable("RAG_APPROVE") == "1")
        {
            File.WriteAllText(Source(name + ".approved"), shown.ToString());
            return;
        }

        shown.ToString().ShouldBe(File.ReadAllText(Built(name + ".approved")));
    }

    private static string Built(string name) => Path.Combine(AppContext.BaseDirectory, "Snapshots", name);

    private static string Source(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, name);
}
