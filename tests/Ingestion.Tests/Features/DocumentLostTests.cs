using Google.Protobuf;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class DocumentLostTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lost_ByTheIndex_IsPreparedAgainWithTheSameChunks()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = "a" },
            Content = ByteString.CopyFromUtf8("some text"),
        });
        await host.WatchAsync("a");

        host.Downstream.Lose(TestRegistry.Key(), 1);
        await host.PublishAsync(new DocumentLost(TestRegistry.Key(), 1, "segment-3: the checksum of its postings is wrong"));
        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Downstream.Prepared.Count == 2), "the second preparation");
        var events = await host.WatchAsync("a");

        events[^1].State.ShouldBe(DocumentState.Indexed);
        events.ShouldContain(entry => entry.State == DocumentState.Received && entry.Detail == "index lost: segment-3: the checksum of its postings is wrong");
        var found = await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" });
        (found.Document.Version, found.Document.IndexedVersion).ShouldBe((1, 1));
        var sent = host.Downstream.Prepared.ToList();
        sent[1].Chunks.Select(chunk => chunk.ChunkId).ShouldBe(sent[0].Chunks.Select(chunk => chunk.ChunkId));
    }
}
