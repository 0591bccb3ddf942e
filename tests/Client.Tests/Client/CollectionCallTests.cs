using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RagPlatform.TestKit;
using Search = RagPlatform.Protos.Search.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class CollectionCallTests
{
    private static readonly Search.IndexBuild Building = new()
    {
        Id = "b1", State = Search.BuildState.Failed, Step = "verifying", DoneDocuments = 5, TotalDocuments = 9, Model = "m", Store = "qdrant",
        StartedAt = new Timestamp { Seconds = 60 }, RemainingSeconds = 1.5, Failure = "The store is full. Make room.",
        DoneChunks = 50, TotalChunks = 90, ChunksPerSecond = 12.5, ResumeCount = 2,
    };

    private static readonly Search.Collection Docs = new()
    {
        Name = "docs", DocumentCount = 2, ChunkCount = 7, Model = "m", Dimension = 384, Store = "embedded", DiskBytes = 1000, ConfigurationHash = "ab",
        Health = Search.CollectionHealth.Repairing, HealthDetail = "segment-3 was set aside.", Aliases = { "live" },
        Settings = new Search.CollectionSettings { Fusion = Search.FusionMethod.Lexical, VectorWeight = 0, RerankModel = "tiny", RerankCandidates = 9, Chunking = new Search.ChunkingSettings { Strategy = Search.ChunkingStrategy.Sentence, MaxTokens = 50, OverlapTokens = 0 } }, Build = Building, SegmentCount = 3, MissingDocuments = 1,
        ChunkingHash = "cd", DocumentsChunkedEarlier = 4,
    };

    [Fact]
    public async Task Collection_ArrivesWhole()
    {
        var (collection, _) = await CallAsync(new V1.DescribeCollectionResponse { Collection = Docs }, new V1.DescribeCollectionRequest { Collection = "docs" }, client => client.DescribeCollectionAsync("docs"));

        collection.Aliases.ShouldBe(["live"]);
        (collection with { Aliases = [], Build = null }).ShouldBe(new Collection
        {
            Name = "docs", DocumentCount = 2, ChunkCount = 7, Model = "m", Dimension = 384, Store = "embedded", DiskBytes = 1000, ConfigurationHash = "ab",
            Health = CollectionHealth.Repairing, HealthDetail = "segment-3 was set aside.", Aliases = [], Settings = new CollectionSettings(FusionMethod.Lexical, 0, "tiny", 9, new ChunkingSettings(ChunkingStrategy.Sentence, 50, 0)),
            SegmentCount = 3, MissingDocuments = 1, ChunkingHash = "cd", DocumentsChunkedEarlier = 4,
        });
        collection.Build.ShouldBe(new IndexBuild
        {
            Id = "b1", State = BuildState.Failed, Step = "verifying", DoneDocuments = 5, TotalDocuments = 9, Model = "m", Store = "qdrant",
            StartedAt = DateTimeOffset.UnixEpoch.AddMinutes(1), RemainingSeconds = 1.5, Failure = "The store is full. Make room.",
            DoneChunks = 50, TotalChunks = 90, ChunksPerSecond = 12.5, ResumeCount = 2,
        });
    }

    [Fact]
    public async Task Collection_WithoutSettingsOrBuild_HasTheDefaults()
    {
        var (collections, _) = await CallAsync(
            new V1.ListCollectionsResponse { Collections = { new Search.Collection { Name = "a" }, new Search.Collection { Name = "b" } } }, new V1.ListCollectionsRequest(), client => client.ListCollectionsAsync());

        collections.Select(collection => collection.Name).ShouldBe(["a", "b"]);
        collections[0].Settings.ShouldBe(new CollectionSettings());
        collections[0].Build.ShouldBeNull();
    }

    [Fact]
    public async Task Creation_SendsStoreModelAndSettings()
    {
        var settings = new Search.CollectionSettings { VectorWeight = 0.25 };
        var (created, _) = await CallAsync(
            new V1.CreateCollectionResponse { Collection = Docs },
            new V1.CreateCollectionRequest { Collection = "docs", Store = "qdrant", EmbeddingModel = "bge", Settings = settings },
            client => client.CreateCollectionAsync("docs", new CollectionSettings(VectorWeight: 0.25), "qdrant", "bge"));

        created.Name.ShouldBe("docs");
    }

    [Fact]
    public Task Update_SendsSettings() =>
        CallAsync(
            new V1.UpdateCollectionResponse { Collection = Docs },
            new V1.UpdateCollectionRequest { Collection = "docs", Settings = new Search.CollectionSettings { Fusion = Search.FusionMethod.MinMax, RerankModel = "tiny", RerankCandidates = 9, Chunking = new Search.ChunkingSettings { Strategy = Search.ChunkingStrategy.ParentChild, ParentTokens = 700 } } },
            client => client.UpdateCollectionAsync("docs", new CollectionSettings(FusionMethod.MinMax, null, "tiny", 9, new ChunkingSettings(ChunkingStrategy.ParentChild, ParentTokens: 700))));

    [Fact]
    public async Task WorkOnAWholeCollection_HasNoDeadlineOfTheClient()
    {
        var (count, deletion) = await CallAsync(new V1.DeleteCollectionResponse { DocumentCount = 9 }, new V1.DeleteCollectionRequest { Collection = "docs" }, client => client.DeleteCollectionAsync("docs"));
        var (snapshot, taking) = await CallAsync(
            new V1.SnapshotCollectionResponse { Snapshot = "docs-1", Bytes = 5 }, new V1.SnapshotCollectionRequest { Collection = "docs" }, client => client.SnapshotCollectionAsync("docs"));
        var (_, restoring) = await CallAsync(
            new V1.RestoreCollectionResponse { Collection = Docs }, new V1.RestoreCollectionRequest { Snapshot = "docs-1", Collection = "docs" }, client => client.RestoreCollectionAsync("docs-1", "docs"));

        count.ShouldBe(9);
        snapshot.ShouldBe(new CollectionSnapshot("docs-1", 5));
        new[] { deletion, taking, restoring }.Select(gateway => gateway.Deadline).ShouldAllBe(deadline => deadline == DateTime.MaxValue);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("docs-1", "docs-1")]
    public async Task Alias_TellsTheFormerCollection(string former, string? expected)
    {
        var (was, _) = await CallAsync(
            new V1.SetAliasResponse { FormerCollection = former }, new V1.SetAliasRequest { Alias = "live", Collection = "docs" }, client => client.SetAliasAsync("live", "docs"));

        was.ShouldBe(expected);
    }

    [Fact]
    public async Task Alias_IsDeleted()
    {
        var (_, gateway) = await CallAsync(new V1.DeleteAliasResponse(), new V1.DeleteAliasRequest { Alias = "live" }, async client =>
        {
            await client.DeleteAliasAsync("live");
            return true;
        });

        gateway.Deadline.ShouldBeLessThan(DateTime.MaxValue);
    }

    [Fact]
    public async Task Build_IsStartedWatchedAndCancelled()
    {
        var (started, _) = await CallAsync(
            new V1.StartBuildResponse { Build = Building },
            new V1.StartBuildRequest { Collection = "docs", Model = "m", Store = "qdrant", ChunkAgain = true },
            client => client.StartBuildAsync("docs", new IndexBuildOptions { Model = "m", Store = "qdrant", ChunkAgain = true }));
        var (watched, _) = await CallAsync(
            new V1.WatchBuildResponse { Build = Building }, new V1.WatchBuildRequest { Collection = "docs" }, client => client.WatchBuildAsync("docs").ToListAsync().AsTask());
        var (cancelled, _) = await CallAsync(
            new V1.CancelBuildResponse { Build = Building }, new V1.CancelBuildRequest { Collection = "docs" }, client => client.CancelBuildAsync("docs"));

        started.Id.ShouldBe("b1");
        cancelled.Id.ShouldBe("b1");
        watched.Select(build => (build.State, build.DoneDocuments, build.TotalDocuments)).ShouldBe([(BuildState.Running, 0, 9), (BuildState.Failed, 5, 9)]);
        watched[0].RemainingSeconds.ShouldBeNull();
    }

    [Fact]
    public void States_OfTheClient_AreThoseOfTheProtocol()
    {
        Values<BuildState>().ShouldBe(Values<Search.BuildState>());
        Values<CollectionHealth>().ShouldBe(Values<Search.CollectionHealth>());
    }

    private static IEnumerable<string> Values<T>()
        where T : struct, System.Enum => System.Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)}");

    private static async Task<(T Result, FakeGateway Gateway)> CallAsync<T>(IMessage answer, IMessage request, Func<RagClient, Task<T>> call)
    {
        var gateway = new FakeGateway();
        gateway.Answers[request.GetType()] = answer;
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);
        var result = await call(client).WithTimeout("the call");
        gateway.Requests.ShouldBe([request]);
        gateway.Authorization.ShouldBe("Bearer the-key");
        return (result, gateway);
    }
}
