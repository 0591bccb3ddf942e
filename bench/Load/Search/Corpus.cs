using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Bench.Load.Search;

/// <summary>
/// Chunks with their real vectors, as bench/Engines prepares them: NAME.jsonl beside NAME.f32. Past their end come
/// variants: the words of a chunk in another order, its vector turned a little, so that nothing is found twice.
/// </summary>
internal sealed partial class Corpus(string path, int dimension)
{
    private const float VariantNoise = 0.35f;

    private readonly string[] lines = [.. File.ReadLines(path + ".jsonl").Take((int)(new FileInfo(path + ".f32").Length / sizeof(float) / dimension))];

    public int Count => lines.Length;

    /// <summary>Documents of consecutive chunks, <paramref name="from"/> to <paramref name="to"/>, one batch each.</summary>
    public IEnumerable<ChunksEmbedded> Documents(string collection, string model, int from, int to)
    {
        using var vectors = File.OpenRead(path + ".f32");
        for (var first = from; first < to;)
        {
            var (source, title) = (Read(first).Doc, Read(first).Title);
            var document = new DocumentKey("default", collection, $"d{first}");
            var chunks = new List<EmbeddedChunk>();
            var next = first;
            do
            {
                chunks.Add(Chunk(vectors, document, next, chunks.Count));
                next++;
            }
            while (next < to && chunks.Count < ChunksPrepared.MaxChunks && Read(next).Doc == source);
            first = next;
            yield return new ChunksEmbedded
            {
                Document = document, Version = 1, ContentHash = "00", Title = title, Uri = "", BatchIndex = 0, BatchCount = 1, ChunkCount = chunks.Count,
                Model = model, Dimension = dimension, Chunks = chunks,
                Metadata = new Dictionary<string, string> { ["year"] = $"{2000 + (first % 25)}", ["product"] = source.Split('/')[0] },
            };
        }
    }

    /// <summary>Six to ten words in a row from a chunk's longest line, as a person in search of it might remember them.</summary>
    public string Question(Random random)
    {
        while (true)
        {
            var words = Word().Matches(Read(random.Next(lines.Length)).Text.Split('\n').MaxBy(line => line.Length)!).Select(match => match.Value).ToArray();
            var length = random.Next(6, 11);
            if (words.Length > length * 2)
            {
                return string.Join(' ', words.AsSpan(random.Next(words.Length - length), length));
            }
        }
    }

    private EmbeddedChunk Chunk(FileStream vectors, DocumentKey document, int number, int ordinal)
    {
        var source = Read(number);
        var vector = new float[dimension];
        vectors.Position = (long)(number % lines.Length) * dimension * sizeof(float);
        vectors.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
        var text = source.Text;
        if (number >= lines.Length)
        {
            var random = new Random(number);
            var words = text.Split(' ');
            random.Shuffle(words);
            text = string.Join(' ', words);
            Turn(vector, random);
        }

        return new EmbeddedChunk
        {
            ChunkId = ChunkId.Create(document, "00", ordinal), Ordinal = ordinal, Text = text, StartOffset = source.Start, EndOffset = source.Start + text.Length,
            HeadingPath = source.Headings, Vector = MemoryMarshal.AsBytes(vector.AsSpan()).ToArray(), UnseenTokens = 0,
        };
    }

    private static void Turn(float[] vector, Random random)
    {
        var scale = VariantNoise / MathF.Sqrt(vector.Length);
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] += scale * ((2 * random.NextSingle()) - 1) * MathF.Sqrt(3);
        }

        var length = MathF.Sqrt(vector.Sum(value => value * value));
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }
    }

    private Row Read(int number) => JsonSerializer.Deserialize<Row>(lines[number % lines.Length], JsonSerializerOptions.Web)!;

    [GeneratedRegex(@"\p{L}[\p{L}\p{N}'-]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    private sealed record Row(string Doc, string Title, string[] Headings, string Text, int Start);
}
