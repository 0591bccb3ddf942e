using Search = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Client;

internal static class CollectionMapping
{
    public static Collection ToCollection(this Search.Collection collection) => new()
    {
        Name = collection.Name,
        DocumentCount = collection.DocumentCount,
        ChunkCount = collection.ChunkCount,
        Model = collection.Model,
        Dimension = collection.Dimension,
        Store = collection.Store,
        DiskBytes = collection.DiskBytes,
        ConfigurationHash = collection.ConfigurationHash,
        Health = (CollectionHealth)collection.Health,
        HealthDetail = collection.HealthDetail,
        Aliases = collection.Aliases,
        Settings = ToSettings(collection.Settings),
        Build = collection.Build?.ToBuild(),
        SegmentCount = collection.SegmentCount,
        MissingDocuments = collection.MissingDocuments,
        ChunkingHash = collection.ChunkingHash,
        DocumentsChunkedEarlier = collection.DocumentsChunkedEarlier,
    };

    public static IndexBuild ToBuild(this Search.IndexBuild build) => new()
    {
        Id = build.Id,
        State = (BuildState)build.State,
        Step = build.Step,
        DoneDocuments = build.DoneDocuments,
        TotalDocuments = build.TotalDocuments,
        Model = build.Model,
        Store = build.Store,
        StartedAt = build.StartedAt?.ToDateTimeOffset(),
        RemainingSeconds = build.RemainingSeconds > 0 ? build.RemainingSeconds : null,
        Failure = build.Failure,
        DoneChunks = build.DoneChunks,
        TotalChunks = build.TotalChunks,
        ChunksPerSecond = build.ChunksPerSecond > 0 ? build.ChunksPerSecond : null,
        ResumeCount = build.ResumeCount,
    };

    public static Search.CollectionSettings ToRequest(this CollectionSettings settings)
    {
        var request = new Search.CollectionSettings
        {
            Fusion = (Search.FusionMethod)settings.Fusion, RerankModel = settings.RerankModel, RerankCandidates = settings.RerankCandidates,
            Chunking = settings.Chunking?.ToRequest(),
        };
        if (settings.VectorWeight is { } weight)
        {
            request.VectorWeight = weight;
        }

        return request;
    }

    private static CollectionSettings ToSettings(Search.CollectionSettings? settings) =>
        settings is null ? new() : new(
        (FusionMethod)settings.Fusion, settings.HasVectorWeight ? settings.VectorWeight : null, settings.RerankModel, settings.RerankCandidates,
        settings.Chunking?.ToSettings());
}
