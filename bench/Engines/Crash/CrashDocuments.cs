using System.Globalization;
using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Crash;

/// <summary>What a document holds is decided by its id and version, so that whoever reads it can tell whether it is right.</summary>
internal static class CrashDocuments
{
    private const int Dimension = 32;
    private const int MaxChunks = 6;

    /// <summary>So small that files are written and merged all the time.</summary>
    public static CollectionIndexOptions Options { get; } = new() { Dimension = Dimension, FlushChunks = 60, GraphFromChunks = 500 };

    public static IndexedDocument Of(string id, long version)
    {
        var random = new Random(Seed(id, version));
        return new IndexedDocument(
            id, version, $"Title of {id}", $"docs/{id}", new Dictionary<string, string> { ["version"] = version.ToString(CultureInfo.InvariantCulture) },
            [.. Enumerable.Range(0, random.Next(MaxChunks)).Select(i => Chunk(random, id, version, i))]);
    }

    public static bool IsRight(IndexedDocument document)
    {
        var expected = Of(document.DocumentId, document.Version);
        return (document.Title, document.Uri, document.Chunks.Count) == (expected.Title, expected.Uri, expected.Chunks.Count)
            && document.Metadata.SequenceEqual(expected.Metadata)
            && document.Chunks.Zip(expected.Chunks).All(pair => IsSame(pair.First, pair.Second));
    }

    private static bool IsSame(IndexedChunk found, IndexedChunk expected) =>
        (found.ChunkId, found.Ordinal, found.Text, found.StartOffset, found.EndOffset)
            == (expected.ChunkId, expected.Ordinal, expected.Text, expected.StartOffset, expected.EndOffset)
        && found.HeadingPath.SequenceEqual(expected.HeadingPath)
        && found.Vector.Span.SequenceEqual(expected.Vector.Span);

    private static IndexedChunk Chunk(Random random, string id, long version, int ordinal)
    {
        var vector = new float[Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            vector[i] = (float)random.NextDouble() - 0.5f;
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        var words = string.Join(' ', Enumerable.Range(0, random.Next(5, 80)).Select(_ => $"word{random.Next(500)}"));
        return new IndexedChunk(
            $"{id}/{version}/{ordinal}", ordinal, [$"Part {ordinal}"], words, ordinal * 100, (ordinal * 100) + words.Length,
            Array.ConvertAll(vector, value => value / length));
    }

    private static int Seed(string id, long version) => id.Aggregate((int)version, (seed, unit) => unchecked((seed * 31) + unit));
}
