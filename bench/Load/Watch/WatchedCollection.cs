using System.Security.Cryptography;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Bench.Load.Watch;

/// <summary>A collection held against the folder that it should equal.</summary>
internal static class WatchedCollection
{
    private const int NamedMax = 5;

    /// <summary>Every way in which they differ, in words; none when they are equal, down to every file's hash.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(Target target, string collection, string folder)
    {
        var expected = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes, StringComparer.Ordinal);
        var held = await ListAsync(target, collection);
        return
        [
            .. Tell("missing", expected.Keys.Except(held.Keys, StringComparer.Ordinal)),
            .. Tell("too many", held.Keys.Except(expected.Keys, StringComparer.Ordinal)),
            .. Tell("of another content", held.Where(entry => expected.TryGetValue(entry.Key, out var bytes) && !IsOf(entry.Value, bytes)).Select(entry => entry.Key)),
            .. Tell("not searchable as it is", held.Values.Where(document => document.State != DocumentState.Indexed || document.IndexedVersion != document.Version).Select(document => $"{document.Id} ({document.State})")),
        ];
    }

    /// <summary>How many of these words a search finds in the text of exactly the documents that hold them, and what it does otherwise.</summary>
    public static async Task<(int Right, IReadOnlyList<string> Wrong)> SearchAsync(Target target, string collection, string folder, IReadOnlyList<string> markers)
    {
        var texts = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var marker in markers)
        {
            var holders = texts.Where(entry => entry.Value.Contains(marker, StringComparison.Ordinal)).Select(entry => entry.Key).Order(StringComparer.Ordinal);
            var found = (await target.Gateway.SearchAsync(new SearchRequest { Collection = collection, Query = marker, TopK = 10 }, target.Headers)).Hits
                .Where(hit => hit.Text.Contains(marker, StringComparison.Ordinal)).Select(hit => hit.DocumentId).Distinct().Order(StringComparer.Ordinal).ToList();
            if (!holders.SequenceEqual(found, StringComparer.Ordinal))
            {
                wrong.Add($"{marker} is in {string.Join(", ", holders)} and was found in {string.Join(", ", found)}");
            }
        }

        return (markers.Count - wrong.Count, wrong);
    }

    private static bool IsOf(Document document, byte[] bytes) =>
        document.ContentBytes == bytes.Length && document.Metadata["rag.hash"] == Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));

    private static async Task<Dictionary<string, Document>> ListAsync(Target target, string collection)
    {
        var documents = new Dictionary<string, Document>(StringComparer.Ordinal);
        for (var request = new ListDocumentsRequest { Collection = collection, PageSize = 1000 }; ;)
        {
            var page = await target.Gateway.ListDocumentsAsync(request, target.Headers);
            foreach (var document in page.Documents)
            {
                documents.Add(document.Id, document);
            }

            if (page.NextPageToken.Length == 0)
            {
                return documents;
            }

            request.PageToken = page.NextPageToken;
        }
    }

    private static IEnumerable<string> Tell(string difference, IEnumerable<string> ids)
    {
        var all = ids.ToList();
        return all.Count == 0 ? [] : [$"{all.Count} {difference}: {string.Join(", ", all.Take(NamedMax))}"];
    }
}
