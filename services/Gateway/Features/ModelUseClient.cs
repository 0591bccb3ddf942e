using Grpc.Core;
using RagPlatform.Protos.Search.V1;
using static RagPlatform.Protos.Retrieval.V1.RetrievalService;

namespace RagPlatform.Gateway.Features;

/// <summary>Which collections of a tenant need a model: models belong to the platform, and no service but this sees both.</summary>
internal static class ModelUseClient
{
    /// <summary>Names of the collections that it made the vectors of, is making them for, or reranks.</summary>
    public static async Task<IReadOnlyList<string>> CollectionsOfAsync(this RetrievalServiceClient retrieval, string model, string tenant, CallOptions options) =>
        [.. (await retrieval.ListCollectionsAsync(new() { Tenant = tenant }, options)).Collections.Where(collection => Uses(collection, model)).Select(collection => collection.Name)];

    private static bool Uses(Collection collection, string model) =>
        collection.Model == model || collection.Settings?.RerankModel == model || collection.Build is { State: BuildState.Running } build && build.Model == model;
}
