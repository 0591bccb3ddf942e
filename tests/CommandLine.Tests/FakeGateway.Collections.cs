using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>Collections that are only names and settings, and builds that go as the test says.</summary>
internal sealed partial class FakeGateway
{
    public ConcurrentQueue<SearchRequest> Searches { get; } = new();

    public ConcurrentQueue<AskRequest> Questions { get; } = new();

    public ConcurrentDictionary<string, Collection> Collections { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, string> Aliases { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<StartBuildRequest> Builds { get; } = new();

    public ConcurrentQueue<CountFacetsRequest> Counted { get; } = new();

    /// <summary>What a watch of a build tells, one after the other.</summary>
    public IndexBuild[] Progress { get; set; } = [];

    /// <summary>Set when a watch has told all of <see cref="Progress"/> and now hangs.</summary>
    public TaskCompletionSource WatchHangs { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Facet[] Facets { get; set; } = [];

    public override Task<CountFacetsResponse> CountFacets(CountFacetsRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Counted.Enqueue(request);
        return Task.FromResult(new CountFacetsResponse { Facets = { Facets }, DocumentCount = Facets.Sum(facet => facet.Values.Sum(value => value.DocumentCount)) });
    }

    public override Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new ListCollectionsResponse { Collections = { Collections.Values.OrderBy(collection => collection.Name, StringComparer.Ordinal) } });
    }

    public override Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new DescribeCollectionResponse { Collection = FindCollection(request.Collection) });
    }

    public override Task<CreateCollectionResponse> CreateCollection(CreateCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var created = new Collection { Name = request.Collection, Store = request.Store, Model = request.EmbeddingModel, Settings = request.Settings, Health = CollectionHealth.Ready };
        return Collections.TryAdd(request.Collection, created)
            ? Task.FromResult(new CreateCollectionResponse { Collection = created })
            : throw new ServiceException(FailureKind.AlreadyExists, "COLLECTION_EXISTS", $"collection: there is a '{request.Collection}' already.").ToRpcException();
    }

    public override Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var collection = FindCollection(request.Collection);
        collection.Settings = request.Settings;
        return Task.FromResult(new UpdateCollectionResponse { Collection = collection });
    }

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var collection = FindCollection(request.Collection);
        Collections.TryRemove(request.Collection, out _);
        return Task.FromResult(new DeleteCollectionResponse { DocumentCount = collection.DocumentCount });
    }

    public override Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var former = Aliases.GetValueOrDefault(request.Alias, "");
        Aliases[request.Alias] = request.Collection;
        return Task.FromResult(new SetAliasResponse { FormerCollection = former });
    }

    public override Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Aliases.TryRemove(request.Alias, out _)
            ? Task.FromResult(new DeleteAliasResponse())
            : throw new ServiceException(FailureKind.NotFound, "ALIAS_NOT_FOUND", $"alias: there is no '{request.Alias}'.").ToRpcException();
    }

    public override Task<StartBuildResponse> StartBuild(StartBuildRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Builds.Enqueue(request);
        return Task.FromResult(new StartBuildResponse { Build = new IndexBuild { Id = "b1", State = BuildState.Running, Step = "copying", TotalDocuments = 10, Model = request.Model, Store = request.Store } });
    }

    public override async Task WatchBuild(WatchBuildRequest request, IServerStreamWriter<WatchBuildResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        foreach (var build in Progress)
        {
            await responseStream.WriteAsync(new WatchBuildResponse { Build = build });
        }

        if (Hangs)
        {
            WatchHangs.TrySetResult();
            await HangAsync(context);
        }
    }

    public override Task<CancelBuildResponse> CancelBuild(CancelBuildRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new CancelBuildResponse { Build = new IndexBuild { Id = "b1", State = BuildState.Cancelled, Step = "copying", DoneDocuments = 3, TotalDocuments = 10 } });
    }

    public override Task<SnapshotCollectionResponse> SnapshotCollection(SnapshotCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new SnapshotCollectionResponse { Snapshot = $"{FindCollection(request.Collection).Name}-20261120-101500", Bytes = 12_300_000 });
    }

    public override Task<RestoreCollectionResponse> RestoreCollection(RestoreCollectionRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new RestoreCollectionResponse { Collection = new Collection { Name = request.Collection.Length > 0 ? request.Collection : request.Snapshot } });
    }

    private Collection FindCollection(string name) =>
        Collections.TryGetValue(name, out var collection)
            ? collection
            : throw new ServiceException(FailureKind.NotFound, "COLLECTION_NOT_FOUND", $"collection: there is no '{name}'.").ToRpcException();
}
