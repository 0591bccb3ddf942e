using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Search;
using RagPlatform.Search.Files;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>What differs at the end between what was done, the registry and the index's own files.</summary>
/// <param name="Live">Documents that must be there.</param>
/// <param name="Registry">Documents of which the registry says otherwise.</param>
/// <param name="Comparison">Differences that the platform finds itself.</param>
/// <param name="Index">Documents of which the index holds another version's text, none, or one that must not be there.</param>
/// <param name="Twice">Chunk ids that the index holds more than once.</param>
internal sealed record ChaosVerdict(int Live, IReadOnlyList<string> Registry, IReadOnlyList<string> Comparison, IReadOnlyList<string> Index, long Twice)
{
    private const int PageSize = 500;

    public bool IsClean => Registry.Count == 0 && Comparison.Count == 0 && Index.Count == 0 && Twice == 0;

    /// <summary>Documents of which the registry does not say yet what it must say at the end.</summary>
    public static async Task<List<string>> UnlikeRegistryAsync(ChaosPlatform platform, ChaosOperations operations)
    {
        var listed = new Dictionary<string, Document>(StringComparer.Ordinal);
        for (var request = new ListDocumentsRequest { Tenant = ChaosPlan.Tenant, Collection = ChaosPlan.Collection, PageSize = PageSize }; ;)
        {
            var page = await platform.Ingestion.ListDocumentsAsync(request);
            foreach (var document in page.Documents)
            {
                listed[document.Id] = document;
            }

            if (page.NextPageToken.Length == 0)
            {
                break;
            }

            request.PageToken = page.NextPageToken;
        }

        var unlike = new List<string>();
        foreach (var (number, text) in operations.Expected)
        {
            var id = new ChaosOperation(number, text, IsDropped: false).Id;
            var isThere = listed.Remove(id, out var document);
            if (text is null ? isThere : !isThere || document!.State is not DocumentState.Indexed || document.IndexedVersion != document.Version)
            {
                unlike.Add($"{id}: {document?.State.ToString() ?? "none"} {document?.Failure?.Code}, must be {(text is null ? "deleted" : "indexed")}");
            }
        }

        unlike.AddRange(listed.Keys.Select(id => $"{id}: nobody put it"));
        return unlike;
    }

    /// <param name="platform">Retrieval is stopped for it.</param>
    /// <param name="operations">That were done.</param>
    /// <param name="unlikeRegistry">As last seen.</param>
    /// <param name="dimension">Of the vectors.</param>
    public static async Task<ChaosVerdict> ReachAsync(ChaosPlatform platform, ChaosOperations operations, IReadOnlyList<string> unlikeRegistry, int dimension)
    {
        var compared = await CompareAsync(platform);
        await platform.StopAsync("Retrieval");
        var folder = Directory.GetDirectories(Path.Combine(platform.DataDirectory, "retrieval", "indexes", ChaosPlan.Tenant, ChaosPlan.Collection)).Single();
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), new CollectionIndexOptions { Dimension = dimension }, TimeProvider.System);
        var held = index.Documents().Select(document => document.DocumentId).ToHashSet(StringComparer.Ordinal);
        var (ids, twice, unlike) = (new HashSet<string>(StringComparer.Ordinal), 0L, new List<string>());
        foreach (var (number, text) in operations.Expected)
        {
            var id = new ChaosOperation(number, text, IsDropped: false).Id;
            if (!held.Remove(id))
            {
                unlike.AddRange(text is null ? [] : [$"{id}: not in the index"]);
                continue;
            }

            var chunks = index.Read(id)!.Chunks;
            twice += chunks.Count(chunk => !ids.Add(chunk.ChunkId));
            if (text is null)
            {
                unlike.Add($"{id}: deleted, and in the index");
            }
            else if (!text.Contains(chunks[0].Text, StringComparison.Ordinal) || chunks[^1].EndOffset < text.TrimEnd().Length)
            {
                unlike.Add($"{id}: another version's text, or not all of it");
            }
        }

        unlike.AddRange(held.Select(id => $"{id}: in the index, and nobody put it"));
        return new ChaosVerdict(operations.Expected.Values.Count(text => text is not null), unlikeRegistry, compared, unlike, twice);
    }

    private static async Task<List<string>> CompareAsync(ChaosPlatform platform)
    {
        using var call = platform.Ingestion.CheckConsistency(new CheckConsistencyRequest { Tenant = ChaosPlan.Tenant });
        var found = new List<string>();
        await foreach (var progress in call.ResponseStream.ReadAllAsync())
        {
            if (progress.Difference is { } difference)
            {
                found.Add($"{difference.DocumentId}: {difference.Kind}, {difference.Detail}");
            }
        }

        return found;
    }
}
