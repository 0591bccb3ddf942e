using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>Finds every chunk of the library, best by shared words first.</summary>
internal sealed class FakeRetrieval(Library library) : RetrievalService.RetrievalServiceBase
{
    public List<SearchRequest> Requests { get; } = [];

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        var query = library.Embed(request.Query);
        var hits = library.Chunks
            .Select((chunk, index) => (chunk, index, text: library.ClaimedText(index), score: WordVectors.Cosine(query, library.Embed(library.ClaimedText(index)))))
            .OrderByDescending(found => found.score)
            .ThenBy(found => found.index)
            .Take(request.TopK)
            .Select(found => new SearchHit
            {
                ChunkId = $"chunk-{found.index}",
                DocumentId = found.chunk.DocumentId,
                Version = 1,
                Title = found.chunk.DocumentId,
                Uri = $"file:///{found.chunk.DocumentId}",
                HeadingPath = { found.chunk.Headings },
                Text = found.text,
                StartOffset = found.chunk.Start,
                EndOffset = found.chunk.End,
                Score = found.score,
                VectorScore = found.score,
                Metadata = { ["origin"] = "test" },
            });
        return Task.FromResult(new SearchResponse { Hits = { hits }, Collection = request.Collection == "alias" ? "docs" : request.Collection, Model = "words", EmbeddingMilliseconds = 0.02, ModelMilliseconds = 0.01 });
    }
}
