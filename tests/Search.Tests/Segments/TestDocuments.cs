namespace RagPlatform.Search.Tests.Segments;

/// <summary>Documents of random shape: none to many chunks, odd text, any metadata.</summary>
internal static class TestDocuments
{
    public const int Dimension = 8;

    private static readonly string[] Texts = ["", "plain words", "naïve façade", "漢字と仮名", "a😀b", "half \ud83d pair", "\udc00 other half", "tab\tand\nline"];

    public static CollectionIndexOptions Options { get; } = new() { Dimension = Dimension, FlushChunks = 40 };

    public static IndexedDocument Random(Random random, string id, long version) => new(
        id, version, Text(random), Text(random), Metadata(random),
        [.. Enumerable.Range(0, random.Next(5)).Select(ordinal => Chunk(random, id, version, ordinal))]);

    public static void ShouldBeSame(IndexedDocument? actual, IndexedDocument expected)
    {
        var found = actual.ShouldNotBeNull();
        (found.DocumentId, found.Version, found.Title, found.Uri).ShouldBe((expected.DocumentId, expected.Version, expected.Title, expected.Uri));
        found.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).ShouldBe(expected.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        found.Chunks.Count.ShouldBe(expected.Chunks.Count);
        foreach (var (chunk, wanted) in found.Chunks.Zip(expected.Chunks))
        {
            (chunk.ChunkId, chunk.Ordinal, chunk.Text, chunk.StartOffset, chunk.EndOffset)
                .ShouldBe((wanted.ChunkId, wanted.Ordinal, wanted.Text, wanted.StartOffset, wanted.EndOffset));
            chunk.HeadingPath.ShouldBe(wanted.HeadingPath);
            chunk.Vector.ToArray().ShouldBe(wanted.Vector.ToArray());
        }
    }

    private static IndexedChunk Chunk(Random random, string id, long version, int ordinal) => new(
        $"{id}-{version}-{ordinal}", ordinal, [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text(random))],
        $"{Text(random)} document {id} version v{version} {Text(random)}", random.Next(1000), random.Next(1000, 2000), TestVectors.Random(random, Dimension));

    private static Dictionary<string, string> Metadata(Random random) =>
        Enumerable.Range(0, random.Next(4)).ToDictionary(i => $"key {i}", _ => Text(random));

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];
}
