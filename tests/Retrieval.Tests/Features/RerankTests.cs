using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>Searches whose best hits a model reads again.</summary>
public sealed class RerankTests : IAsyncLifetime
{
    private const string Model = "tiny-reranker";
    private RetrievalHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await RetrievalHost.StartAsync();
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        // The later a part, the better.
        _host.Embedding.Logit = passage => passage.Text[^1] - '1';
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Search_Reranked_IsInTheRerankersOrderAndSaysWhy()
    {
        var plain = await SearchAsync(new SearchSettings());
        var response = await SearchAsync(new SearchSettings { RerankModel = Model, Explain = true });

        response.Hits.Select(hit => hit.Text[^1]).ShouldBe(['3', '2', '1', '0']);
        response.Hits.Select(hit => hit.Score).ShouldBe([.. new[] { 2.0, 1, 0, -1 }.Select(logit => 1 / (1 + Math.Exp(-logit)))], tolerance: 1e-12);
        (response.RerankModel, response.RerankModelMilliseconds).ShouldBe((Model, 2.5));
        response.RerankMilliseconds.ShouldBePositive();
        foreach (var hit in response.Hits)
        {
            var rank = plain.Hits.ToList().FindIndex(before => before.ChunkId == hit.ChunkId);
            var why = hit.Explanation.Rerank;
            (why.Model, why.Logit, why.RankBefore, why.UnseenTokens).ShouldBe((Model, hit.Text[^1] - '1', rank + 1, 4));
            why.ScoreBefore.ShouldBe(plain.Hits[rank].Score, 1e-9);
        }

        var request = _host.Embedding.Reranks.ShouldHaveSingleItem();
        (request.Model, request.Query).ShouldBe((Model, "common part1"));
        request.Passages.ShouldAllBe(passage => passage.Title == "Title doc" && passage.HeadingPath.Count == 2);
        plain.RerankModel.ShouldBeEmpty();
        plain.Hits.ShouldAllBe(hit => hit.Explanation == null);
    }

    [Fact]
    public async Task Search_EqualScores_KeepTheirOrder()
    {
        _host.Embedding.Logit = _ => 0;
        var plain = await SearchAsync(new SearchSettings());
        (await SearchAsync(new SearchSettings { RerankModel = Model })).Hits.Select(hit => hit.ChunkId).ShouldBe(plain.Hits.Select(hit => hit.ChunkId));
    }

    [Fact]
    public async Task Search_MoreCandidatesThanHits_FindsWhatStoodBelowTheLimit()
    {
        var response = await SearchAsync(new SearchSettings { RerankModel = Model }, topK: 1);
        response.Hits.ShouldHaveSingleItem().Text.ShouldEndWith("part3");
        _host.Embedding.Reranks.Last().Passages.Count.ShouldBe(4);

        await SearchAsync(new SearchSettings { RerankModel = Model, RerankCandidates = 2 }, topK: 1);
        _host.Embedding.Reranks.Last().Passages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Search_CollectionWithAReranker_IsRerankedUnlessTheRequestSaysNo()
    {
        await _host.Client.UpdateCollectionAsync(new UpdateCollectionRequest
        {
            Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { RerankModel = Model, RerankCandidates = 3 },
        });
        await _host.RestartAsync();
        _host.Embedding.Logit = passage => passage.Text[^1] - '1';

        (await SearchAsync(new SearchSettings(), topK: 2)).RerankModel.ShouldBe(Model);
        _host.Embedding.Reranks.ShouldHaveSingleItem().Passages.Count.ShouldBe(3);
        (await SearchAsync(new SearchSettings(), topK: 10)).Hits.Count.ShouldBe(4);
        (await SearchAsync(new SearchSettings { RerankModel = "other" })).RerankModel.ShouldBe("other");
        (await SearchAsync(new SearchSettings { RerankModel = "" })).RerankModel.ShouldBeEmpty();
        var described = await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" });
        (described.Collection.Settings.RerankModel, described.Collection.Settings.RerankCandidates).ShouldBe((Model, 3));
    }

    [Fact]
    public async Task Snapshot_CollectionWithAReranker_KeepsIt()
    {
        await _host.Client.UpdateCollectionAsync(new UpdateCollectionRequest { Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { RerankModel = Model } });
        var snapshot = await _host.Client.SnapshotCollectionAsync(new SnapshotCollectionRequest { Tenant = "acme", Collection = "docs" });
        var restored = await _host.Client.RestoreCollectionAsync(new RestoreCollectionRequest { Tenant = "acme", Snapshot = snapshot.Snapshot, Collection = "again" });
        restored.Collection.Settings.RerankModel.ShouldBe(Model);
    }

    [Fact]
    public async Task Search_RerankerFails_FailsWithItsReason()
    {
        _host.Embedding.RerankFailure = new ServiceException(FailureKind.Unavailable, "MODEL_FAILED", "The model 'tiny-reranker' cannot be used.");

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchSettings { RerankModel = Model }));

        exception.StatusCode.ShouldBe(StatusCode.Unavailable);
        FailureStatus.FromRpcException(exception)!.Code.ShouldBe("MODEL_FAILED");
        (await SearchAsync(new SearchSettings())).Hits.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Search_RerankerAnswersWithNoNumber_IsRefused()
    {
        _host.Embedding.Logit = passage => passage.Text.EndsWith('2') ? double.NaN : 1;
        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchSettings { RerankModel = Model }));
        (exception.StatusCode, FailureStatus.FromRpcException(exception)!.Code).ShouldBe((StatusCode.FailedPrecondition, "RERANK_MISMATCH"));
    }

    [Fact]
    public async Task Search_RerankedAndDiverse_IsRefused()
    {
        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchSettings { RerankModel = Model, Diversity = 0.5 }));
        FailureStatus.FromRpcException(exception)!.Field.ShouldBe("settings.diversity");
    }

    [Fact]
    public async Task Search_NothingFound_RerankingNothingIsNoCall()
    {
        var response = await _host.Client.SearchAsync(new SearchRequest
        {
            Tenant = "acme", Collection = "docs", Query = "nowhere", Settings = new SearchSettings { RerankModel = Model, Fusion = FusionMethod.Lexical },
        });
        response.Hits.ShouldBeEmpty();
        _host.Embedding.Reranks.ShouldBeEmpty();
    }

    private async Task<SearchResponse> SearchAsync(SearchSettings settings, int topK = 0) => await _host.Client.SearchAsync(
        new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common part1", TopK = topK, Settings = settings }, deadline: DateTime.UtcNow.AddSeconds(20));
}
