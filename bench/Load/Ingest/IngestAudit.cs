using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Search;
using RagPlatform.Search.Files;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>The registry beside the index's own files, read back document by document.</summary>
/// <param name="Indexed">Documents, by the registry.</param>
/// <param name="Failed">With their reasons.</param>
/// <param name="Chunks">In the index.</param>
/// <param name="Lost">Dropped, but neither indexed nor failed, or indexed by the registry and not in the index.</param>
/// <param name="Twice">Chunk ids that the index holds more than once.</param>
/// <param name="Differing">Documents whose version or number of chunks differs between registry and index, or that only the index has.</param>
internal sealed record IngestAudit(int Indexed, IReadOnlyList<string> Failed, long Chunks, long Lost, long Twice, long Differing)
{
    private const int PageSize = 500;

    public bool IsClean => Lost == 0 && Twice == 0 && Differing == 0;

    /// <param name="services">Retrieval is stopped for it.</param>
    /// <param name="dropped">Documents.</param>
    /// <param name="dimension">Of the index's vectors.</param>
    public static async Task<IngestAudit> RunAsync(IngestServices services, int dropped, int dimension)
    {
        var registry = await ListAsync(services);
        await services.StopRetrievalAsync();
        var folder = Directory.GetDirectories(Path.Combine(services.DataDirectory, "retrieval", "indexes", IngestPlan.Tenant, IngestPlan.Collection)).Single();
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), new CollectionIndexOptions { Dimension = dimension }, TimeProvider.System);
        var held = index.Documents().ToDictionary(document => document.DocumentId, StringComparer.Ordinal);
        var (ids, twice, chunks) = (new HashSet<string>(StringComparer.Ordinal), 0L, 0L);
        foreach (var chunk in held.Keys.SelectMany(id => index.Read(id)!.Chunks))
        {
            chunks++;
            twice += ids.Add(chunk.ChunkId) ? 0 : 1;
        }

        var indexed = registry.Where(document => document.State is DocumentState.Indexed).ToList();
        var failed = registry.Where(document => document.State is DocumentState.Failed).Select(document => $"{document.Id}: {document.Failure.Code}").ToList();
        var known = indexed.Select(document => document.Id).ToHashSet(StringComparer.Ordinal);
        return new IngestAudit(
            indexed.Count, failed, chunks,
            Lost: dropped - indexed.Count - failed.Count + indexed.Count(document => !held.ContainsKey(document.Id)),
            twice,
            Differing: held.Keys.Count(id => !known.Contains(id))
                + indexed.Count(document => held.GetValueOrDefault(document.Id) is { } one && (one.Version != document.Version || one.ChunkCount != document.ChunkCount)));
    }

    private static async Task<List<Document>> ListAsync(IngestServices services)
    {
        var documents = new List<Document>();
        for (var token = ""; ;)
        {
            var page = await services.Ingestion.ListDocumentsAsync(
                new ListDocumentsRequest { Tenant = IngestPlan.Tenant, Collection = IngestPlan.Collection, PageSize = PageSize, PageToken = token });
            documents.AddRange(page.Documents);
            token = page.NextPageToken;
            if (token.Length == 0)
            {
                return documents;
            }
        }
    }
}
