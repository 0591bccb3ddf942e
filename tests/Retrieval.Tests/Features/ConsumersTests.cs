using MassTransit;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.Retrieval.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

public sealed class ConsumersTests : IAsyncLifetime
{
    private RetrievalHost _host = null!;

    public async Task InitializeAsync() => _host = await RetrievalHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task ChunksEmbedded_AllBatches_PublishesDocumentsIndexed()
    {
        await PublishAsync(Batches.Version(Batches.Document(), 3));

        await EventuallyAsync(() => Indexed().Select(indexed => indexed with { TraceParent = null }).Contains(new DocumentIndexed(Batches.Document(), 3, "hash3", 4, Batches.Model, null)), "document indexed");
        _host.Collections.Require(TestStore.Docs).Size.ShouldBe(new CollectionSize(1, 4));
    }

    [Fact]
    public async Task ChunksEmbedded_DeliveredAgain_ChangesNothingAndReportsAgain()
    {
        var batches = Batches.Version(Batches.Document(), 3);
        await PublishAsync(batches);
        await EventuallyAsync(() => Indexed().Count == 1, "first report");

        await PublishAsync(batches[1]);

        await EventuallyAsync(() => Indexed().Count == 2, "second report");
        _host.Collections.Require(TestStore.Docs).Size.ShouldBe(new CollectionSize(1, 4));
    }

    [Fact]
    public async Task ChunksEmbedded_WhereTheCollectionsModelIsUnknown_EndsInAFaultAtTheFirstTry()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        _host.Embedding.Failure = new ServiceException(FailureKind.NotFound, "MODEL_UNKNOWN", $"model: '{Batches.Model}' is unknown.");

        await PublishAsync(Batches.Version(Batches.Document("other"), 1, batches: 1, model: "another"));

        await EventuallyAsync(() => _host.Bus.Published.Select<Fault<ChunksEmbedded>>().Any(), "fault");
        var fault = _host.Bus.Published.Select<Fault<ChunksEmbedded>>().Single().Context;
        fault.Message.Exceptions.ShouldHaveSingleItem().Message.ShouldContain($"'{Batches.Model}' is unknown");
        fault.Headers.Get<int>(MessageHeaders.FaultRetryCount, 0).ShouldBe(0);
        Indexed().ShouldBeEmpty();
    }

    [Fact]
    public async Task DocumentDeletionRequested_Document_PublishesDocumentUnindexedEachTime()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        await PublishAsync(new DocumentDeletionRequested(Batches.Document(), 2), new DocumentDeletionRequested(Batches.Document(), 2));

        await EventuallyAsync(() => _host.Bus.Published.Select<DocumentUnindexed>().Count() == 2, "document unindexed");
        _host.Bus.Published.Select<DocumentUnindexed>().ShouldAllBe(sent => sent.Context.Message == new DocumentUnindexed(Batches.Document(), 2));
        _host.Collections.Require(TestStore.Docs).Size.ShouldBe(new CollectionSize(0, 0));
    }

    [Fact]
    public async Task DocumentDeletionRequested_WithoutDocument_EndsInAFaultAtTheFirstTry()
    {
        await PublishAsync(new DocumentDeletionRequested(null!, 2), new DocumentDeletionRequested(new DocumentKey(null!, null!, "doc"), 2));

        await EventuallyAsync(() => _host.Bus.Published.Select<Fault<DocumentDeletionRequested>>().Count() == 2, "faults");
        var faults = _host.Bus.Published.Select<Fault<DocumentDeletionRequested>>().Select(sent => sent.Context).ToList();
        faults.ShouldAllBe(fault => fault.Headers.Get<int>(MessageHeaders.FaultRetryCount, 0) == 0);
        faults.Select(fault => fault.Message.Exceptions[0].Message[..6]).Order(StringComparer.Ordinal).ShouldBe(["docume", "tenant"]);
    }

    [Fact]
    public async Task Messages_OfManyDocumentsInParallel_IndexAll()
    {
        const int Documents = 40;
        await PublishAsync([.. Enumerable.Range(0, Documents).SelectMany(i => Batches.Version(Batches.Document($"doc{i}"), 1))]);

        await EventuallyAsync(() => Indexed().Count >= Documents, "all documents indexed");
        _host.Collections.Require(TestStore.Docs).Size.ShouldBe(new CollectionSize(Documents, Documents * 4));
    }

    private List<DocumentIndexed> Indexed() => [.. _host.Bus.Published.Select<DocumentsIndexed>().SelectMany(sent => sent.Context.Message.Documents)];

    private static Task EventuallyAsync(Func<bool> condition, string phase) => TestTimeout.EventuallyAsync(() => Task.FromResult(condition()), phase);

    private async Task PublishAsync(params object[] messages)
    {
        foreach (var message in messages)
        {
            await _host.Bus.Bus.Publish(message, message.GetType()).WithTimeout("publish");
        }
    }
}
