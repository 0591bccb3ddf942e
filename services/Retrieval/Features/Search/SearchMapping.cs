using RagPlatform.Search.InMemory;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;


namespace RagPlatform.Retrieval.Features.Search;

internal static class SearchMapping
{
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">Names the field that is wrong.</exception>
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

        if (request.HasVectorWeight && request.VectorWeight is not (>= 0 and <= 1))
        {
            throw RetrievalErrors.VectorWeightOutOfRange(request.VectorWeight);
        }

        var topK = request.TopK == 0 ? SearchCommand.DefaultTopK : request.TopK;
        return new SearchCommand(collection, request.Query, topK, request.HasVectorWeight ? request.VectorWeight : null);
    }

    public static SearchResponse ToResponse(this SearchAnswer answer) => new()
    {
        Hits = { answer.Hits.Select(ToProto) },
        Model = answer.Model,
        EmbeddingMilliseconds = answer.Embedding.TotalMilliseconds,
        ModelMilliseconds = answer.InModel.TotalMilliseconds,
        SearchMilliseconds = answer.Search.TotalMilliseconds,
    };

    private static SearchHit ToProto(InMemoryHit<StoredChunk> hit)
    {
        var chunk = hit.Payload;
        return new SearchHit
        {
            ChunkId = hit.ChunkId,
            DocumentId = chunk.Document.DocumentId,
            Version = chunk.Document.Version,
            Title = chunk.Document.Title,
            Uri = chunk.Document.Uri,
            HeadingPath = { chunk.HeadingPath },
            Text = chunk.Text,
            StartOffset = chunk.StartOffset,
            EndOffset = chunk.EndOffset,
            Score = hit.Score,
            LexicalScore = hit.LexicalScore,
            VectorScore = hit.VectorScore,
            Metadata = { chunk.Document.Metadata.ToDictionary() },
        };
    }
}
