using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests;

/// <summary>Documents that share words, titles and metadata, and questions that meet them.</summary>
internal static class HybridSearchData
{
    public const int Dimension = 8;

    private static readonly string[] Languages = ["en", "de", "fr"];

    public static SearchQuery RandomQuery(Random random) => new()
    {
        Text = RandomText(random, random.Next(1, 5)),
        Vector = TestVectors.Random(random, Dimension),
        TopK = random.Next(1, 12),
        Candidates = random.Next(12, 60),
        Fusion = (FusionMethod)random.Next(4),
        VectorWeight = random.Next(5) / 4.0,
        MaxChunksPerDocument = random.Next(3) == 0 ? random.Next(1, 3) : null,
        Exact = true,
        Filter = random.Next(4) switch
        {
            0 => new Filter.EqualTo("lang", new FilterValue.Text(Languages[random.Next(3)])),
            1 => new Filter.Any([new Filter.Range("year", new FilterValue.Number(random.Next(2000, 2020)), null, null, null), new Filter.Exists("rare", IsThere: true)]),
            2 => new Filter.Not(new Filter.In("title", [new FilterValue.Text("Title 1"), new FilterValue.Text("Title 2")])),
            _ => null,
        },
    };

    public static IndexedDocument RandomDocument(Random random, int number)
    {
        var metadata = new Dictionary<string, string> { ["lang"] = Languages[random.Next(3)], ["year"] = $"{random.Next(2000, 2020)}" };
        if (random.Next(10) == 0)
        {
            metadata["rare"] = "yes";
        }

        return new IndexedDocument($"d{number}", 1, $"Title {random.Next(9)}", $"file:///{number}", metadata, [.. Enumerable.Range(0, random.Next(0, 4)).Select(i =>
            new IndexedChunk($"{number:D3}-{i}", i, [RandomText(random, 1)], RandomText(random, random.Next(3, 20)), 0, 10, TestVectors.Random(random, Dimension)))]);
    }

    private static string RandomText(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => $"word{(char)('a' + random.Next(20))}"));

    public static IndexedChunk Chunk(string id, string text, int axis) => new(id, 0, [], text, 0, text.Length, Axis(axis));

    public static float[] Axis(int axis)
    {
        var vector = new float[Dimension];
        vector[axis] = 1;
        return vector;
    }
}
