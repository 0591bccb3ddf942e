using System.Collections.Immutable;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Finds out what of a collection searches may see, and deletes what a crash left behind. The document points say it; if
/// there are as many chunk points as they speak of, that is all. Otherwise every chunk point is looked at: those of other
/// revisions go, and so does a document that lacks some of its own.
/// </summary>
internal sealed partial class IndexOpening(QdrantClient client, ILogger logger)
{
    private const int DocumentsPerPage = 1000;
    private const int ChunksPerPage = 4000;

    public async Task<VisibleRevisions> ReadAsync(string name, IndexScope scope, CancellationToken cancellationToken)
    {
        var documents = await DocumentsAsync(name, scope, cancellationToken);
        if (await client.CountAsync(name, scope.Chunks(), cancellationToken) != documents.Values.Sum(document => (long)document.ChunkCount))
        {
            documents = await RepairAsync(name, scope, documents, cancellationToken);
        }

        return new VisibleRevisions(documents);
    }

    private async Task<ImmutableDictionary<string, VisibleRevision>> DocumentsAsync(string name, IndexScope scope, CancellationToken cancellationToken)
    {
        var documents = ImmutableDictionary.CreateBuilder<string, VisibleRevision>(StringComparer.Ordinal);
        await foreach (var point in client.ScrollAllAsync(name, scope.Documents(), DocumentsPerPage, PayloadKeys.Held, null, cancellationToken))
        {
            if (point.Payload is { DocumentId: { } id, Revision: { } revision, Version: { } version, ChunkCount: { } chunkCount })
            {
                documents[id] = new VisibleRevision(version, revision, chunkCount);
            }
        }

        return documents.ToImmutable();
    }

    private async Task<ImmutableDictionary<string, VisibleRevision>> RepairAsync(
        string name, IndexScope scope, ImmutableDictionary<string, VisibleRevision> documents, CancellationToken cancellationToken)
    {
        var found = await CountAsync(name, scope, cancellationToken);
        foreach (var (id, document) in documents.Where(entry => found.GetValueOrDefault((entry.Key, entry.Value.Revision)) < entry.Value.ChunkCount))
        {
            LogLost(logger, id, name, document.ChunkCount, found.GetValueOrDefault((id, document.Revision)));
            await client.DeleteAsync(name, PointIds.Document(id), cancellationToken);
            documents = documents.Remove(id);
        }

        foreach (var id in found.Keys.Where(key => documents.GetValueOrDefault(key.DocumentId)?.Revision != key.Revision).Select(key => key.DocumentId).Distinct(StringComparer.Ordinal))
        {
            var left = documents.TryGetValue(id, out var document) ? scope.ChunksOfOtherRevisions(id, document.Revision) : scope.ChunksOf(id);
            await client.DeleteAsync(name, left, cancellationToken);
            LogCleared(logger, id, name);
        }

        return documents;
    }

    private async Task<Dictionary<(string DocumentId, string Revision), int>> CountAsync(string name, IndexScope scope, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string, string), int>();
        await foreach (var point in client.ScrollAllAsync(name, scope.Chunks(), ChunksPerPage, PayloadKeys.Identity, null, cancellationToken))
        {
            var key = (point.Payload?.DocumentId ?? "", point.Payload?.Revision ?? "");
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Document {DocumentId} of {Index} has {Found} of its {ChunkCount} chunks in qdrant and is dropped from it; it must be indexed again")]
    private static partial void LogLost(ILogger logger, string documentId, string index, int chunkCount, int found);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Deleted chunks of document {DocumentId} in {Index} that an interrupted write or deletion left in qdrant")]
    private static partial void LogCleared(ILogger logger, string documentId, string index);
}
