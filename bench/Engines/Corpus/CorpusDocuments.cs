using System.Runtime.InteropServices;
using System.Text.Json;
using RagPlatform.Search;

namespace RagPlatform.Bench.Engines.Corpus;

/// <summary>Reads what <see cref="CorpusWriter"/> wrote, as documents for an index.</summary>
internal static class CorpusDocuments
{
    /// <param name="path">Without ".jsonl" and ".f32".</param>
    /// <param name="chunks">The last document is cut off here.</param>
    public static IEnumerable<IndexedDocument> Read(string path, int dimension, int chunks)
    {
        using var vectors = File.OpenRead(path + ".f32");
        var waiting = new List<IndexedChunk>();
        CorpusChunk? last = null;
        foreach (var line in File.ReadLines(path + ".jsonl").Take(chunks))
        {
            var chunk = JsonSerializer.Deserialize<CorpusChunk>(line, JsonSerializerOptions.Web)!;
            if (last is not null && last.Doc != chunk.Doc)
            {
                yield return Document(last, waiting);
                waiting = [];
            }

            var vector = new float[dimension];
            vectors.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
            waiting.Add(new IndexedChunk($"{chunk.Doc}#{chunk.Ordinal}", chunk.Ordinal, chunk.Headings, chunk.Text, chunk.Start, chunk.End, vector));
            last = chunk;
        }

        if (last is not null)
        {
            yield return Document(last, waiting);
        }
    }

    private static IndexedDocument Document(CorpusChunk chunk, IReadOnlyList<IndexedChunk> chunks) =>
        new(chunk.Doc, 1, chunk.Title, chunk.Doc, new Dictionary<string, string> { ["source"] = chunk.Doc.Split('/')[0] }, chunks);

    private sealed record CorpusChunk(string Doc, int Ordinal, string Title, IReadOnlyList<string> Headings, string Text, int Start, int End);
}
