using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Features;

public sealed class CollectionsTests : IAsyncLifetime
{
    private RetrievalHost _host = null!;

    public async Task InitializeAsync() => _host = await RetrievalHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Create_WithStoreAndSettings_IsThereBeforeItsFirstDocument()
    {
        var created = (await _host.Client.CreateCollectionAsync(new CreateCollectionRequest
        {
            Tenant = "acme", Collection = "docs", Store = "memory", Settings = new CollectionSettings { Fusion = FusionMethod.ReciprocalRank, VectorWeight = 0.25 },
        })).Collection;

        (created.Name, created.Store, created.Model, created.Health).ShouldBe(("docs", "memory", "", CollectionHealth.Ready));
        (created.Settings.Fusion, created.Settings.VectorWeight).ShouldBe((FusionMethod.ReciprocalRank, 0.25));
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        (await DescribeAsync()).ChunkCount.ShouldBe(4);
        (await _host.Memory.ListAsync(default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Create_TakenName_IsRefused()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        await SetAliasAsync("current", "docs");

        foreach (var name in new[] { "docs", "current" })
        {
            (await FailureAsync(_host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = name }))).ShouldBe((StatusCode.AlreadyExists, "collection"));
        }

        (await FailureAsync(_host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "new", Store = "tape" })))
            .ShouldBe((StatusCode.InvalidArgument, "store"));
    }

    [Fact]
    public async Task Update_Settings_AreWhatSearchesUseFromThenOn()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));

        await _host.Client.UpdateCollectionAsync(new UpdateCollectionRequest
        {
            Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { Fusion = FusionMethod.Lexical },
        });
        await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common" });
        _host.Embedding.Requests.ShouldBeEmpty();

        await _host.Client.UpdateCollectionAsync(new UpdateCollectionRequest { Tenant = "acme", Collection = "docs" });
        await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = "docs", Query = "common" });
        _host.Embedding.Requests.ShouldHaveSingleItem();
        (await FailureAsync(_host.Client.UpdateCollectionAsync(new UpdateCollectionRequest { Tenant = "acme", Collection = "none" })))
            .ShouldBe((StatusCode.NotFound, "collection"));
        (await FailureAsync(_host.Client.UpdateCollectionAsync(new UpdateCollectionRequest
        {
            Tenant = "acme", Collection = "docs", Settings = new CollectionSettings { VectorWeight = 2 },
        }))).ShouldBe((StatusCode.InvalidArgument, "settings.vector_weight"));
    }

    [Fact]
    public async Task Delete_Collection_DropsItsIndexAndLateBatchesDoNotBringItBack()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 4));
        var arriving = Batches.Version(Batches.Document("arriving"), 2);
        await _host.IndexAsync(arriving[0]);
        await SetAliasAsync("current", "docs");

        (await _host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "docs" })).DocumentCount.ShouldBe(1);

        (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections.ShouldBeEmpty();
        (await SearchAsync("docs")).Hits.ShouldBeEmpty();
        (await SearchAsync("current")).Hits.ShouldBeEmpty();
        await _host.IndexAsync([.. Batches.Version(Batches.Document(), 4), .. Batches.Version(Batches.Document(), 3), arriving[1]]);
        (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections.ShouldBeEmpty();

        (await _host.Service<DocumentWriter>().RemoveAsync(TestStore.Docs, "doc", 5, default)).ShouldBeTrue();
        await _host.IndexAsync(Batches.Version(Batches.Document(), 6));
        (await DescribeAsync()).DocumentCount.ShouldBe(1);
        (await FailureAsync(_host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "none" }))).ShouldBe((StatusCode.NotFound, "collection"));
    }

    [Fact]
    public async Task Alias_Turned_IsSearchedInOneStep()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document("old", "blue"), 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("new", "green"), 1));

        (await SetAliasAsync("current", "blue")).ShouldBeEmpty();
        (await SearchAsync("current")).Hits.ShouldAllBe(hit => hit.DocumentId == "old");
        (await SetAliasAsync("current", "green")).ShouldBe("blue");

        (await SearchAsync("current")).Hits.ShouldAllBe(hit => hit.DocumentId == "new");
        (await SearchAsync("current")).Collection.ShouldBe("green");
        (await DescribeAsync("current")).Aliases.ShouldBe(["current"]);
        (await DescribeAsync("blue")).Aliases.ShouldBeEmpty();
        await _host.Client.DeleteAliasAsync(new DeleteAliasRequest { Tenant = "acme", Alias = "current" });
        (await SearchAsync("current")).Hits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Alias_SetWhileItsCollectionIsDeleted_LeavesNoNameThatCannotBeUsed()
    {
        for (var i = 0; i < 40; i++)
        {
            await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "docs" });
            var setting = IgnoreNotFoundAsync(SetAliasAsync("current", "docs"));
            var deleting = IgnoreNotFoundAsync(_host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "docs" }).ResponseAsync);

            await Task.WhenAll(setting, deleting).WithTimeout("both");

            _host.Collections.TargetOf(CollectionKey.Require("acme", "current")).ShouldBeNull();
        }

        static async Task IgnoreNotFoundAsync(Task call)
        {
            try
            {
                await call;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
            {
                // The other was first.
            }
        }
    }

    [Fact]
    public async Task Alias_ThatCannotBe_IsRefused()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        await SetAliasAsync("current", "docs");

        (await FailureAsync(SetAsync("docs", "docs"))).ShouldBe((StatusCode.AlreadyExists, "alias"));
        (await FailureAsync(SetAsync("Bad Name", "docs"))).ShouldBe((StatusCode.InvalidArgument, "alias"));
        (await FailureAsync(SetAsync("other", "none"))).ShouldBe((StatusCode.NotFound, "collection"));
        (await FailureAsync(SetAsync("other", "current"))).ShouldBe((StatusCode.FailedPrecondition, "collection"));
        (await FailureAsync(_host.Client.DeleteAliasAsync(new DeleteAliasRequest { Tenant = "acme", Alias = "other" }))).ShouldBe((StatusCode.NotFound, "alias"));
        (await FailureAsync(_host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "acme", Collection = "current" }))).ShouldBe((StatusCode.FailedPrecondition, "collection"));
        (await Should.ThrowAsync<ServiceException>(() => _host.IndexAsync(Batches.Version(Batches.Document("d", "current"), 1)))).Code.ShouldBe("ALIAS_TAKES_NO_DOCUMENTS");

        AsyncUnaryCall<SetAliasResponse> SetAsync(string alias, string collection) =>
            _host.Client.SetAliasAsync(new SetAliasRequest { Tenant = "acme", Alias = alias, Collection = collection });
    }

    [Fact]
    public async Task Describe_StoreThatDoesNotAnswer_IsTheCollectionsHealth()
    {
        await _host.Client.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "acme", Collection = "docs", Store = "memory" });
        await _host.IndexAsync(Batches.Version(Batches.Document(), 1));
        _host.Memory.Before = _ => throw new ServiceException(FailureKind.Unavailable, "DOWN", "memory is down");

        var described = await DescribeAsync();

        (described.Health, described.HealthDetail, described.ChunkCount).ShouldBe((CollectionHealth.Unavailable, "memory is down", 4L));
        (await _host.Client.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "acme" })).Collections.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task CountFacets_Collection_CountsByValueAndChecksTheRequest()
    {
        await _host.IndexAsync(Batches.Version(Batches.Document("a"), 1));
        await _host.IndexAsync(Batches.Version(Batches.Document("b"), 2));

        var counted = await _host.Client.CountFacetsAsync(new CountFacetsRequest { Tenant = "acme", Collection = "docs", Fields = { "version", "none" } });

        counted.DocumentCount.ShouldBe(2);
        counted.Facets.Select(facet => (facet.Field, facet.DistinctValues)).ShouldBe([("version", 2L), ("none", 0L)]);
        counted.Facets[0].Values.ShouldBe([new FacetValue { Value = "1", DocumentCount = 1 }, new FacetValue { Value = "2", DocumentCount = 1 }]);
        (await _host.Client.CountFacetsAsync(new CountFacetsRequest { Tenant = "acme", Collection = "absent", Fields = { "version" } })).Facets.ShouldHaveSingleItem();
        foreach (var (request, field) in new[]
        {
            (new CountFacetsRequest(), "fields"), (new CountFacetsRequest { Fields = { "" } }, "fields"), (new CountFacetsRequest { Fields = { Enumerable.Repeat("f", 17) } }, "fields"),
            (new CountFacetsRequest { Fields = { "f" }, MaxValues = 1001 }, "max_values"), (new CountFacetsRequest { Fields = { "f" }, Filter = new Filter() }, "filter"),
        })
        {
            (request.Tenant, request.Collection) = ("acme", "docs");
            (await FailureAsync(_host.Client.CountFacetsAsync(request))).ShouldBe((StatusCode.InvalidArgument, field));
        }
    }

    private static async Task<(StatusCode Status, string? Field)> FailureAsync<T>(AsyncUnaryCall<T> call)
    {
        var exception = await Should.ThrowAsync<RpcException>(() => call.ResponseAsync.WithTimeout("the call"));
        var failure = FailureStatus.FromRpcException(exception)!;
        failure.Remedy.ShouldNotBe("");
        return (exception.StatusCode, failure.Field);
    }

    private async Task<Collection> DescribeAsync(string name = "docs") =>
        (await _host.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "acme", Collection = name })).Collection;

    private async Task<SearchResponse> SearchAsync(string collection) =>
        await _host.Client.SearchAsync(new SearchRequest { Tenant = "acme", Collection = collection, Query = "common" });

    private async Task<string> SetAliasAsync(string alias, string collection) =>
        (await _host.Client.SetAliasAsync(new SetAliasRequest { Tenant = "acme", Alias = alias, Collection = collection })).FormerCollection;
}
