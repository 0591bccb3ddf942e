using System.Buffers.Binary;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Embedding.Cache;
using RagPlatform.Embedding.Features.EmbedChunks;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;
using RagPlatform.Embedding.Tests.Models;
using RagPlatform.Embedding.Tests.Serving;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Features;

public sealed class EmbedChunksConsumerTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder folder = new();
    private readonly FakeModel model = new();
    private ServiceProvider services = null!;
    private ITestHarness harness = null!;

    public async Task InitializeAsync()
    {
        TestModel.Write(folder.File(TestModel.Id));
        var options = Options.Create(new EmbeddingOptions { Model = TestModel.Id, CacheDirectory = folder.File("cache") });
        var store = new ModelStore(folder.Path, TestModel.Catalog(ModelSourceKind.Npm), [], TimeProvider.System);
        services = new ServiceCollection()
            .AddSingleton(options)
            .AddSingleton(new ModelHost(store, (_, _) => model.Loaded, options, TimeProvider.System, NullLogger<ModelHost>.Instance))
            .AddSingleton(new ModelQueues(options, TimeProvider.System))
            .AddSingleton(new RemoteModels(options, TimeProvider.System, NullLoggerFactory.Instance))
            .AddSingleton<EmbeddingModels>()
            .AddSingleton(new VectorCache(options, TimeProvider.System, NullLogger<VectorCache>.Instance))
            .AddSingleton<RememberingEmbedder>()
            .AddSingleton<EmbedChunksHandler>()
            .AddSingleton(provider => new ReportPublisher<EmbeddedBatch, BatchesEmbedded>(
                provider.GetRequiredService<IBus>(), batches => new BatchesEmbedded(batches), TimeProvider.System))
            .AddMassTransitTestHarness(EmbeddingModule.AddConsumers)
            .BuildServiceProvider(validateScopes: true);
        await services.GetRequiredService<VectorCache>().StartAsync(CancellationToken.None).WithTimeout("the cache's start");
        harness = services.GetRequiredService<ITestHarness>();
        harness.TestTimeout = TestTimeout.Default;
        await harness.Start().WithTimeout("the bus's start");
    }

    public async Task DisposeAsync()
    {
        await services.GetRequiredService<ModelQueues>().StopAsync(CancellationToken.None).WithTimeout("the queues' stop");
        await services.DisposeAsync().AsTask().WithTimeout("the bus's stop");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Consume_Batch_EveryChunkComesBackWithTheVectorOfItsOwnText()
    {
        var batch = Batch(chunks: 32);

        var embedded = (await PublishAsync(batch)).Single();

        embedded.ShouldSatisfyAllConditions(
            message => message.Document.ShouldBe(batch.Document),
            message => message.Version.ShouldBe(batch.Version),
            message => message.BatchIndex.ShouldBe(batch.BatchIndex),
            message => message.BatchCount.ShouldBe(batch.BatchCount),
            message => message.ChunkCount.ShouldBe(batch.ChunkCount),
            message => message.Metadata.ShouldBe(batch.Metadata),
            message => message.Model.ShouldBe(TestModel.Id),
            message => message.Dimension.ShouldBe(2));
        embedded.Chunks.Select(chunk => (chunk.ChunkId, chunk.Ordinal, chunk.Text, chunk.StartOffset, chunk.EndOffset))
            .ShouldBe(batch.Chunks.Select(chunk => (chunk.ChunkId, chunk.Ordinal, chunk.Text, chunk.StartOffset, chunk.EndOffset)));
        foreach (var chunk in embedded.Chunks)
        {
            // The fake model's first dimension is the length of the text it was given: title, heading, chunk.
            BinaryPrimitives.ReadSingleLittleEndian(chunk.Vector).ShouldBe($"title\ninner\n{chunk.Text}".Length);
        }
    }

    [Fact]
    public async Task Consume_SameBatchAgain_PublishesTheSameAndComputesNothing()
    {
        var first = (await PublishAsync(Batch(chunks: 5))).Single();
        var computed = model.Embedded.Count;

        var both = await PublishAsync(Batch(chunks: 5), expected: 2);

        model.Embedded.Count.ShouldBe(computed);
        both[1].Chunks.Select(chunk => Convert.ToHexString(chunk.Vector)).ShouldBe(first.Chunks.Select(chunk => Convert.ToHexString(chunk.Vector)));
    }

    [Fact]
    public async Task Consume_OneChunkChanged_ComputesThatOneOnly()
    {
        await PublishAsync(Batch(chunks: 5));
        var changed = Batch(chunks: 5);
        var computed = model.Embedded.Count;

        await PublishAsync(changed with { Chunks = [.. changed.Chunks.Take(4), changed.Chunks[4] with { Text = "c c c" }] }, expected: 2);

        model.Embedded.Skip(computed).ShouldBe(["title\ninner\nc c c"]);
    }

    [Fact]
    public async Task Consume_Batch_IsReportedWithoutItsVectors()
    {
        await harness.Bus.Publish(Batch(chunks: 2));

        (await harness.Published.Any<BatchesEmbedded>().WithTimeout("the report")).ShouldBeTrue();
        var report = harness.Published.Select<BatchesEmbedded>(new CancellationToken(canceled: true)).Single().Context.Message.Batches.ShouldHaveSingleItem();
        var batch = Batch(chunks: 2);
        (report.Document, report.Version, report.BatchIndex, report.BatchCount).ShouldBe((batch.Document, batch.Version, batch.BatchIndex, batch.BatchCount));
        Published().Count.ShouldBe(1, "it is told of once the bus has the vectors");
    }

    [Fact]
    public async Task Consume_NoChunks_PublishesAnEmptyBatch()
    {
        (await PublishAsync(Batch(chunks: 0))).Single().Chunks.ShouldBeEmpty();
        model.Embedded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Consume_UnknownModel_IsSetAsideAtOnceWithTheReason()
    {
        await harness.Bus.Publish(Batch(chunks: 1) with { Model = "nobody" });

        (await harness.Published.Any<Fault<ChunksPrepared>>().WithTimeout("the fault")).ShouldBeTrue();
        harness.Published.Select<Fault<ChunksPrepared>>().Single().Context.Message.Exceptions[0].Message.ShouldContain("'nobody' is unknown. Known: tiny");
        harness.Published.Select<ChunksEmbedded>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Consume_MalformedBatch_IsSetAsideAtOnceWithTheReason()
    {
        var valid = Batch(chunks: 1);
        ChunksPrepared[] wrong =
        [
            valid with { Model = null! }, valid with { Document = null! }, valid with { Chunks = null! }, valid with { Chunks = [null!] },
            valid with { Chunks = [valid.Chunks[0] with { Text = null! }] }, Batch(chunks: 33),
        ];
        foreach (var batch in wrong)
        {
            await harness.Bus.Publish(batch);
        }

        await TestTimeout.EventuallyAsync(() => Task.FromResult(Faults().Count == wrong.Length), "the faults");
        Faults().ShouldAllBe(fault => fault.Message.Exceptions[0].Message.Contains("is not embedded: ", StringComparison.Ordinal));
        Faults().ShouldAllBe(fault => fault.Headers.Get<int>(MessageHeaders.FaultRetryCount, 0) == 0);
        model.Embedded.ShouldBeEmpty();
    }

    private List<SendContext<Fault<ChunksPrepared>>> Faults() =>
        [.. harness.Published.Select<Fault<ChunksPrepared>>(new CancellationToken(canceled: true)).Select(message => message.Context)];

    private async Task<List<ChunksEmbedded>> PublishAsync(ChunksPrepared batch, int expected = 1)
    {
        await harness.Bus.Publish(batch);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(Published().Count == expected), "the embedded batch");
        return Published();
    }

    private List<ChunksEmbedded> Published() => [.. harness.Published.Select<ChunksEmbedded>(new CancellationToken(canceled: true)).Select(message => message.Context.Message)];

    internal static ChunksPrepared Batch(int chunks) => new()
    {
        Document = new DocumentKey("tenant", "collection", "document"),
        Version = 3,
        ContentHash = "hash",
        Title = "title",
        Uri = "file:///a.md",
        Metadata = new Dictionary<string, string> { ["team"] = "red" },
        BatchIndex = 1,
        BatchCount = 2,
        ChunkCount = 40,
        Model = TestModel.Id,
        Chunks = [.. Enumerable.Range(0, chunks).Select(i => new PreparedChunk
        {
            ChunkId = $"id{i}",
            Ordinal = i,
            Text = new string('a', i + 1),
            StartOffset = i,
            EndOffset = i + 1,
            HeadingPath = ["inner"],
        })],
    };
}
