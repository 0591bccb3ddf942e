using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features.Search;

internal static class SearchMapping
{
    /// <exception cref="Grpc.Errors.ServiceException">Names the field that is wrong.</exception>
    public static SearchCommand ToCommand(this SearchRequest request)
    {
        var collection = CollectionKey.Require(request.Tenant, request.Collection);
        if (string.IsNullOrWhiteSpace(request.Query))
        {
            throw RetrievalErrors.QueryEmpty();
        }

        if (request.Query.Length > SearchCommand.MaxQueryCharacters)
        {
            throw RetrievalErrors.QueryTooLong(request.Query.Length, SearchCommand.MaxQueryCharacters);
        }

        if (request.TopK is < 0 or > SearchCommand.MaxTopK)
        {
            throw RetrievalErrors.TopKOutOfRange(request.TopK, SearchCommand.MaxTopK);
        }

        var settings = request.Settings ?? new Proto.SearchSettings();
        var topK = request.TopK == 0 ? SearchCommand.DefaultTopK : request.TopK;
        return new SearchCommand(collection, request.Query, topK)
        {
            Fusion = settings.Fusion.ToFusion("settings.fusion"),
            VectorWeight = settings.HasVectorWeight
                ? SettingsMapping.RequireVectorWeight(settings.VectorWeight, "settings.vector_weight")
                : request.HasVectorWeight ? SettingsMapping.RequireVectorWeight(request.VectorWeight, "vector_weight") : null,
            Candidates = settings.Candidates switch
            {
                0 => null,
                var candidates when candidates >= topK && candidates <= SearchQuery.MaxCandidates => candidates,
                var candidates => throw RetrievalErrors.CandidatesOutOfRange(candidates, topK),
            },
            Filter = request.Filter.ToFilter(),
            Syntax = settings.Syntax switch
            {
                Proto.QuerySyntax.Unspecified or Proto.QuerySyntax.Plain => QuerySyntax.Plain,
                Proto.QuerySyntax.Operators => QuerySyntax.Operators,
                var syntax => throw RetrievalErrors.SettingUnknown("settings.syntax", (int)syntax),
            },
            TypoTolerance = settings.TypoTolerance,
            MaxChunksPerDocument = settings.MaxChunksPerDocument switch
            {
                0 => null,
                >= 1 and <= SearchCommand.MaxTopK => settings.MaxChunksPerDocument,
                var chunks => throw RetrievalErrors.ChunksPerDocumentOutOfRange(chunks, SearchCommand.MaxTopK),
            },
            Diversity = !settings.HasDiversity ? null
                : settings.Diversity is >= 0 and <= 1 ? settings.Diversity : throw RetrievalErrors.DiversityOutOfRange(settings.Diversity),
            Exact = settings.Exact,
            Explain = settings.Explain,
            RerankModel = settings.HasRerankModel ? SettingsMapping.RequireRerankModel(settings.RerankModel) : null,
            RerankCandidates = settings.RerankCandidates == 0 ? null : SettingsMapping.RequireRerankCandidates(settings.RerankCandidates, lowest: topK),
        };
    }

    public static SearchResponse ToResponse(this SearchAnswer answer) => new()
    {
        Hits = { answer.Hits.Select(ToProto) },
        Collection = answer.Collection,
        Model = answer.Model,
        EmbeddingMilliseconds = answer.Embedding.TotalMilliseconds,
        ModelMilliseconds = answer.InModel.TotalMilliseconds,
        SearchMilliseconds = answer.Search.TotalMilliseconds,
        FilterMilliseconds = answer.Stages.Filter.TotalMilliseconds,
        LexicalMilliseconds = answer.Stages.Lexical.TotalMilliseconds,
        VectorMilliseconds = answer.Stages.Vectors.TotalMilliseconds,
        FusionMilliseconds = answer.Stages.Fusion.TotalMilliseconds,
        RerankModel = answer.RerankModel,
        RerankMilliseconds = answer.Rerank.TotalMilliseconds,
        RerankModelMilliseconds = answer.RerankInModel.TotalMilliseconds,
    };

    private static Protos.Retrieval.V1.SearchHit ToProto(FoundHit found) => ToProto(found.Hit, found);

    private static Protos.Retrieval.V1.SearchHit ToProto(RagPlatform.Search.SearchHit hit, FoundHit found) => new()
    {
        ChunkId = hit.Chunk.ChunkId,
        DocumentId = hit.Document.DocumentId,
        Version = hit.Document.Version,
        Title = hit.Document.Title,
        Uri = hit.Document.Uri,
        HeadingPath = { hit.Chunk.HeadingPath },
        Text = hit.Chunk.Text,
        StartOffset = hit.Chunk.StartOffset,
        EndOffset = hit.Chunk.EndOffset,
        Score = found.Score,
        LexicalScore = hit.LexicalScore,
        VectorScore = hit.VectorScore,
        Metadata = { hit.Document.Metadata.ToDictionary() },
        Explanation = hit.Explanation?.ToProto(found),
    };
}
