using RagPlatform.Search;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

/// <summary>Documents of seeded content: every chunk holds the word "common", its document's id, its edition and its part as words.</summary>
internal static class IndexedDocuments
{
    public const int Dimension = 8;

    public static IndexedDocument Create(string id, long version = 1, int chunks = 2, params (string Key, string Value)[] metadata) =>
        new(id, version, $"Title {id}", $"file:///{id}", metadata.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            [.. Enumerable.Range(0, chunks).Select(ordinal => Chunk(id, version, ordinal))]);

    /// <summary>Of unit length; the same for the same seed.</summary>
    public static float[] Vector(int seed)
    {
        var random = new Random(seed);
        var vector = Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    public static int VectorSeed(string id, long version, int ordinal) => id.Sum(letter => letter * 31) + ((int)version * 101) + (ordinal * 7);

    private static IndexedChunk Chunk(string id, long version, int ordinal) => new(
        $"{id}-{version}-{ordinal}", ordinal, ["Guide", $"Section {ordinal}"], $"common {id} edition{version} part{ordinal} Zürich 𝄞",
        ordinal * 100, (ordinal * 100) + 50, Vector(VectorSeed(id, version, ordinal)));
}
