using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Documents;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;
using ChunkingStrategy = RagPlatform.Protos.Search.V1.ChunkingStrategy;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class ChunkingTests : IDisposable
{
    private static readonly string Text = string.Join("\n\n", Enumerable.Range(0, 12).Select(index => $"# Part {index}\n\n" + string.Concat(Enumerable.Repeat($"what number {index} is. ", 12)).Trim()));

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Documents_OfACollectionWithSettings_AreCutByThem()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Chunkings["docs"] = new ChunkingSettings { Strategy = ChunkingStrategy.Sentence, MaxTokens = 60, OverlapTokens = 0 };
        await PutAsync(host, "a", "docs");
        await PutAsync(host, "a", "others");

        Hashes(host, "docs").ShouldNotBe(Hashes(host, "others"));
        Count(host, "docs").ShouldBeGreaterThan(Count(host, "others"));
    }

    [Fact]
    public async Task Passages_OfParentChild_AreWidenedToTheirParents()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Chunkings["docs"] = new ChunkingSettings { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 40, ParentTokens = 300 };
        await PutAsync(host, "a", "docs");
        var chunks = host.Downstream.Prepared.OrderBy(batch => batch.BatchIndex).SelectMany(batch => batch.Chunks).ToList();

        var passages = await ReadAsync(host, chunks.Select(chunk => (chunk.StartOffset, chunk.EndOffset)));
        var plain = await ReadAsync(host, chunks.Select(chunk => (chunk.StartOffset, chunk.EndOffset)), widen: false);

        plain.Select(passage => passage.Text).ShouldBe(chunks.Select(chunk => chunk.Text));
        passages.Zip(chunks).ShouldAllBe(pair => pair.First.Text.Contains(pair.Second.Text));
        passages.Select(passage => passage.Text).ShouldBe(passages.Select(passage => Text[passage.StartOffset..passage.EndOffset]));
        passages.Select(passage => passage.StartOffset).Distinct().Count().ShouldBe(12);
        passages.ShouldAllBe(passage => passage.Text.StartsWith("# Part"));
    }

    [Fact]
    public async Task Passages_AfterTheDocumentWasCutAgain_AreWidenedByTheCutThatIsKept()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await PutAsync(host, "a", "docs");
        (int, int)[] ranges = [(2, 5)];
        (await ReadAsync(host, ranges))[0].Text.ShouldBe(Text[2..5]);

        var parents = new ChunkingSettings { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 40, ParentTokens = 300 };
        await CutAgainAsync(host, parents, keep: false);
        (await ReadAsync(host, ranges))[0].Text.ShouldBe(Text[2..5]);
        await CutAgainAsync(host, parents, keep: true);
        (await ReadAsync(host, ranges))[0].Text.ShouldStartWith("# Part 0");
        await CutAgainAsync(host, new ChunkingSettings(), keep: false);
        (await ReadAsync(host, ranges))[0].Text.ShouldStartWith("# Part 0");
        await CutAgainAsync(host, new ChunkingSettings(), keep: true);
        (await ReadAsync(host, ranges))[0].Text.ShouldBe(Text[2..5]);
    }

    [Theory]
    [InlineData(15, 0, 0, "chunking.max_tokens")]
    [InlineData(8193, 0, 0, "chunking.max_tokens")]
    [InlineData(0, 5000, 0, "chunking.overlap_tokens")]
    [InlineData(0, 0, 9000, "chunking.parent_tokens")]
    public async Task Chunks_BySettingsOutOfRange_AreRefusedByName(int maxTokens, int overlapTokens, int parentTokens, string field)
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await PutAsync(host, "a", "docs");

        var failure = await Should.ThrowAsync<RpcException>(() => CutAgainAsync(
            host, new ChunkingSettings { MaxTokens = maxTokens, OverlapTokens = overlapTokens, ParentTokens = parentTokens }, keep: true));

        FailureStatus.FromRpcException(failure).ShouldNotBeNull().Field.ShouldBe(field);
    }

    [Fact]
    public async Task Locations_OfPassages_AreThoseOfTheOriginal()
    {
        var builder = new DocumentTextBuilder();
        for (var page = 1; page <= 3; page++)
        {
            builder.Location = new SourceLocation(LocationKind.Page, page);
            builder.AddParagraph($"What page {page} says.");
        }

        var document = builder.Build() with { Properties = new Documents.DocumentProperties { PageCount = 3, Author = "A. Author", Language = "en" }, Warnings = ["A picture was left out."] };
        using (var registry = new TestRegistry(_folder.Path))
        {
            await registry.PutAsync("content");
            await registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
            (await registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, document, CancellationToken.None)).ShouldBeTrue();
            await registry.Progress.FailAsync(TestRegistry.Key(), 1, new RagPlatform.Ingestion.Registry.DocumentFailure("test", "STOPPED", "", "", 1), CancellationToken.None);
        }

        await using var host = await IngestionHost.StartAsync(_folder.Path);

        (await ReadAsync(host, [(0, 5), (0, 30), (0, document.Text.Length)])).Select(passage => passage.Location).ShouldBe(["page 1", "pages 1-2", "pages 1-3"]);
        var properties = (await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" })).Document.Properties;
        (properties.PageCount, properties.Author, properties.Language).ShouldBe((3, "A. Author", "en"));
        properties.Warnings.ShouldBe(["A picture was left out."]);
    }

    [Fact]
    public async Task Outline_OfATextThatIsDropped_GoesWithIt()
    {
        using var registry = new TestRegistry(_folder.Path, configure: options => options.KeptVersions = 1);
        await registry.PutAsync("one");
        await registry.IndexAsync(1, "one");
        registry.Outlines.ReadDescription(TestRegistry.Key(), 1).ShouldNotBeNull();
        await registry.PutAsync("two");
        await registry.IndexAsync(2, "two");

        registry.Outlines.ReadDescription(TestRegistry.Key(), 1).ShouldBeNull();
        registry.Outlines.Read(TestRegistry.Key(), 2).ShouldNotBeNull().Text.ShouldBe("two");
        (await registry.Outlines.RecordParentsAsync(TestRegistry.Key(), 1, [new CharacterRange(0, 2)], CancellationToken.None)).ShouldBeFalse();
    }

    private static async Task PutAsync(IngestionHost host, string id, string collection)
    {
        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = collection, Id = id, ContentType = "text/markdown" },
            Content = ByteString.CopyFromUtf8(Text),
        });
        (await host.WatchAsync(id, collection: collection))[^1].State.ShouldBe(Protos.Ingestion.V1.DocumentState.Indexed);
    }

    private static async Task CutAgainAsync(IngestionHost host, ChunkingSettings settings, bool keep)
    {
        using var call = host.Client.ReadChunks(new ReadChunksRequest
        {
            Tenant = "default", Collection = "docs", DocumentId = "a", Version = 1, Chunking = settings, KeepParents = keep,
        });
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the chunks"))
        {
            call.ResponseStream.Current.Chunks.ShouldNotBeEmpty();
        }
    }

    private static async Task<IReadOnlyList<Passage>> ReadAsync(IngestionHost host, IEnumerable<(int Start, int End)> ranges, bool widen = true)
    {
        var request = new ReadPassagesRequest { Tenant = "default", Collection = "docs", WidenToParent = widen };
        request.Ranges.AddRange(ranges.Select(range => new PassageRange { DocumentId = "a", Version = 1, StartOffset = range.Start, EndOffset = range.End }));
        return (await host.Client.ReadPassagesAsync(request)).Passages;
    }

    private static string Hashes(IngestionHost host, string collection) =>
        host.Downstream.Prepared.Where(batch => batch.Document.Collection == collection).Select(batch => batch.ChunkingHash).Distinct().ShouldHaveSingleItem();

    private static int Count(IngestionHost host, string collection) => host.Downstream.Prepared.First(batch => batch.Document.Collection == collection).ChunkCount;
}
