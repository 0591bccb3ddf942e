using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Tests.Features;

public sealed class SearchTests : IAsyncLifetime
{
    private RetrievalHost _host = null!;

    public async Task InitializeAsync() => _host = await RetrievalHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Search_Collection_FindsByBothArmsAndHandsBackEverything()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 7));

        var response = await SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "part2" });

        var request = _host.Embedding.Requests.ShouldHaveSingleItem();
        (request.Kind, request.Model, request.Texts.Single()).ShouldBe((EmbedKind.Query, Batches.Model, "part2"));
        response.Model.ShouldBe(Batches.Model);
        response.ModelMilliseconds.ShouldBe(1.5);
        response.EmbeddingMilliseconds.ShouldBePositive();
        response.Hits.Count.ShouldBe(4);
        var lexical = response.Hits.Single(hit => hit.LexicalScore > 0);
        lexical.Text.ShouldBe("common text of doc edition7 part2");
        (lexical.DocumentId, lexical.Version, lexical.Title, lexical.Uri).ShouldBe(("doc", 7L, "Title doc", "file:///doc"));
        (lexical.StartOffset, lexical.EndOffset).ShouldBe((200, 250));
        lexical.HeadingPath.ShouldBe(["Guide", "Section 2"]);
        lexical.Metadata["version"].ShouldBe("7");
        response.Hits.Single(hit => hit.VectorScore == 1).StartOffset.ShouldBe(0);
        response.Hits.ShouldAllBe(hit => hit.Score >= 0 && hit.Score <= 1);
    }

    [Theory]
    [InlineData("nothing-here")]
    [InlineData("docs")]
    public async Task Search_AbsentOrEmptyCollection_FindsNothingWithoutEmbedding(string collection)
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1, batches: 1, chunksPerBatch: 0));

        var response = await SearchAsync(new SearchRequest { Tenant = "acme", Collection = collection, Query = "anything" });

        response.Hits.ShouldBeEmpty();
        response.Model.ShouldBeEmpty();
        _host.Embedding.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_LexicalAlone_DoesNotEmbed()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        var response = await SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "part1", VectorWeight = 0 });

        response.Hits.ShouldHaveSingleItem().StartOffset.ShouldBe(100);
        _host.Embedding.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_TopK_LimitsHits()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        (await SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common", TopK = 3 })).Hits.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("", "docs", "q", 1, null, StatusCode.PermissionDenied, "tenant")]
    [InlineData("No Tenant", "docs", "q", 1, null, StatusCode.PermissionDenied, "tenant")]
    [InlineData("acme", "", "q", 1, null, StatusCode.InvalidArgument, "collection")]
    [InlineData("acme", "../x", "q", 1, null, StatusCode.InvalidArgument, "collection")]
    [InlineData("acme", "docs", "  ", 1, null, StatusCode.InvalidArgument, "query")]
    [InlineData("acme", "docs", "q", -1, null, StatusCode.InvalidArgument, "top_k")]
    [InlineData("acme", "docs", "q", 101, null, StatusCode.InvalidArgument, "top_k")]
    [InlineData("acme", "docs", "q", 1, 1.5, StatusCode.InvalidArgument, "vector_weight")]
    [InlineData("acme", "docs", "q", 1, double.NaN, StatusCode.InvalidArgument, "vector_weight")]
    public async Task Search_BadRequest_IsRefusedByField(string tenant, string collection, string query, int topK, double? weight, StatusCode status, string field)
    {
        var request = new SearchRequest { Tenant = tenant, Collection = collection, Query = query, TopK = topK };
        if (weight is not null)
        {
            request.VectorWeight = weight.Value;
        }

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(request));

        exception.StatusCode.ShouldBe(status);
        FailureStatus.FromRpcException(exception)!.Field.ShouldBe(field);
        exception.Status.Detail.ShouldStartWith(field);
    }

    [Fact]
    public async Task Search_QueryTooLong_SaysTheLimit()
    {
        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = new string('x', 8193) }));

        exception.Status.Detail.ShouldContain("8,193 characters, the limit is 8,192");
    }

    [Fact]
    public async Task Search_EmbeddingFails_PassesItsFailureOn()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        _host.Embedding.Failure = new ServiceException(FailureKind.FailedPrecondition, "MODEL_MISSING", "model: it is not pulled.");

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "q" }));

        exception.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        FailureStatus.FromRpcException(exception)!.Code.ShouldBe("MODEL_MISSING");
    }

    [Fact]
    public async Task Search_EmbeddingAnswersWithAnotherDimension_IsRefused()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        _host.Embedding.Dimension = 8;

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "q" }));

        exception.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Search_EmbeddingAnswersWithNoUnitVector_IsRefused()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        _host.Embedding.Vector = new byte[Batches.Dimension * sizeof(float)];

        var exception = await Should.ThrowAsync<RpcException>(() => SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "q" }));

        exception.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        exception.Status.Detail.ShouldContain("has length 0");
    }

    [Fact]
    public async Task Collections_DescribeAndList_CountWhatIsVisible()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document("a"), 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("b", collection: "more"), 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("c", tenant: "globex"), 1));

        var listed = (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections;
        var described = (await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = "docs" })).Collection;

        listed.Select(collection => collection.Name).ShouldBe(["docs", "more"]);
        (described.Name, described.DocumentCount, described.ChunkCount, described.Model, described.Dimension, described.Store, described.Health)
            .ShouldBe(("docs", 1L, 4L, Batches.Model, Batches.Dimension, RetrievalOptions.EmbeddedStore, CollectionHealth.Ready));
        described.ConfigurationHash.Length.ShouldBe(16);
        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "globex", Collection = "more" })))
            .StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.ListCollectionsAsync(new ListCollectionsRequest())))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    private async Task<SearchResponse> SearchAsync(SearchRequest request) =>
        await _host.Client.SearchAsync(request, deadline: DateTime.UtcNow.AddSeconds(20));
}
