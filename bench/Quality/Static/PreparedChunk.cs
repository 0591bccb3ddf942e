using System.Runtime.InteropServices;
using System.Text.Json;
using RagPlatform.Bench.Quality.Retrieval;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Quality.Static;

/// <param name="Document">Its id.</param>
/// <param name="Text">As the encoder read it.</param>
/// <param name="Vector">The encoder's.</param>
internal sealed record PreparedChunk(string Document, string Text, float[] Vector)
{
    /// <summary>In the order of the documents and their chunks.</summary>
    public static IReadOnlyList<PreparedChunk> Of(PreparedSet set, ITextEmbedder encoder) =>
        [.. set.Documents.SelectMany(document => document.Chunks.Select(chunk =>
            new PreparedChunk(document.DocumentId, PassageText.Compose(document.Title, chunk.HeadingPath, chunk.Text, encoder), chunk.Vector.ToArray())))];

    /// <param name="path">Of what bench/Engines corpus wrote, without ".jsonl" and ".f32".</param>
    public static IEnumerable<PreparedChunk> Read(string path, int chunks, ITextEmbedder encoder)
    {
        using var vectors = File.OpenRead(path + ".f32");
        foreach (var line in File.ReadLines(path + ".jsonl").Take(chunks))
        {
            var chunk = JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!;
            var vector = new float[PreparedSet.Dimension];
            vectors.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
            yield return new PreparedChunk(chunk.Doc, PassageText.Compose(chunk.Title, chunk.Headings, chunk.Text, encoder), vector);
        }
    }

    private sealed record Line(string Doc, string Title, IReadOnlyList<string> Headings, string Text);
}
