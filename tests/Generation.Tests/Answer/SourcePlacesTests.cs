using RagPlatform.Generation.Tests.Hosting;

namespace RagPlatform.Generation.Tests.Answer;

/// <summary>Small chunks are found, their parents are quoted, and every quote says where it stands.</summary>
public sealed class SourcePlacesTests
{
    private const string Text = "Run all the tests with one command. It takes 40 seconds to run the tests. The license is MIT. Nothing else is said of tests.";

    private static readonly int Middle = Text.IndexOf("The license", StringComparison.Ordinal);

    [Fact]
    public async Task Sources_OfOneParent_BecomeThatParent()
    {
        var library = Chunked();
        library.Parents.AddRange([(0, Middle - 1), (Middle, Text.Length)]);
        await using var host = await GenerationHost.StartAsync(library);

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Sources.Select(source => (source.Number, source.StartOffset, source.EndOffset)).ShouldBe([(1, 0, Middle - 1), (2, Middle, Text.Length)]);
        answer.Sources.ShouldAllBe(source => source.Text == Text.Substring(source.StartOffset, source.EndOffset - source.StartOffset));
        answer.Citations.ShouldNotBeEmpty();
        answer.ShouldCiteOnlyWhatIsStored(host.Library);
    }

    [Fact]
    public async Task Sources_WithoutParents_StayTheChunksThatWereFound()
    {
        await using var host = await GenerationHost.StartAsync(Chunked());

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Sources.Select(source => source.Number).ShouldBe([1, 2, 3, 4]);
        answer.Sources.ShouldAllBe(source => source.Location == "");
        answer.Citations.ShouldAllBe(citation => citation.Location == "");
    }

    [Fact]
    public async Task Sources_OfAnAlias_AreReadFromItsCollection()
    {
        await using var host = await GenerationHost.StartAsync(Chunked());

        (await host.AskAsync("How do I run the tests?", collection: "alias")).Citations.ShouldNotBeEmpty();

        host.Ingestion.Requests.ShouldAllBe(request => request.Collection == "docs");
    }

    [Fact]
    public async Task Citations_InAnOriginalWithPlaces_HaveTheirOwn()
    {
        var library = Chunked((start, end) => end <= Middle ? "page 1" : start >= Middle ? "page 2" : "pages 1-2");
        library.Parents.Add((0, Text.Length));
        await using var host = await GenerationHost.StartAsync(library);

        var answer = await host.AskAsync("How do I run the tests?");

        answer.Sources.ShouldHaveSingleItem().Location.ShouldBe("pages 1-2");
        answer.Citations.ShouldNotBeEmpty();
        answer.Citations.ShouldAllBe(citation => citation.Location == (citation.EndOffset <= Middle ? "page 1" : "page 2"));
    }

    private static Library Chunked(Func<int, int, string>? locationOf = null)
    {
        var library = locationOf is null ? new Library() : new Library { LocationOf = locationOf };
        for (int start = 0, end; start < Text.Length; start = end + 1)
        {
            end = Text.IndexOf('.', start) + 1;
            library.AddChunk("a.md", Text, start, end);
        }

        return library;
    }
}
