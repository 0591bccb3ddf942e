using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RagPlatform.Documents;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Engines.Corpus;

/// <summary>
/// Cuts and embeds documents as the platform does, once, so that every bench of an engine works on the same real chunks:
/// OUT.jsonl has a line per chunk, OUT.f32 a vector per line (fp32, little-endian). Documents come in a seeded random
/// order, so that a part of the corpus is a sample of it.
/// </summary>
internal static class CorpusWriter
{
    private const int ChunksAtOnce = 512;
    private const int Seed = 11;

    public static void Write(string documentsPath, string modelFolder, string outputPath, int maxChunks)
    {
        var model = SentenceEncoder.Load(new ModelFolder(modelFolder));
        var chunker = new Chunker(new ChunkingOptions(), model.Tokenizer.Count);
        using var lines = new StreamWriter(outputPath + ".jsonl");
        using var vectors = File.Create(outputPath + ".f32");
        var waiting = new List<ChunkLine>();
        var begin = Stopwatch.GetTimestamp();
        var written = 0;
        foreach (var document in SourceDocument.Read(documentsPath, new Random(Seed)))
        {
            if (written >= maxChunks)
            {
                break;
            }

            waiting.AddRange(Cut(document, chunker));
            if (waiting.Count >= ChunksAtOnce)
            {
                written += Embed(waiting, model, lines, vectors);
                Console.Error.Write($"\r{written} chunks, {written / Stopwatch.GetElapsedTime(begin).TotalSeconds:0} per second ");
            }
        }

        written += Embed(waiting, model, lines, vectors);
        Console.WriteLine($"{written} chunks in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s");
    }

    /// <summary>Nothing for a document without readable text.</summary>
    private static IEnumerable<ChunkLine> Cut(SourceDocument document, Chunker chunker)
    {
        ExtractedDocument extracted;
        try
        {
            extracted = new DocumentExtractor().Extract(new DocumentSource(Encoding.UTF8.GetBytes(document.Text), document.ContentType), CancellationToken.None);
        }
        catch (ExtractionException exception)
        {
            Console.Error.WriteLine($"{document.Id}: {exception.Message}");
            yield break;
        }

        foreach (var chunk in chunker.Chunk(extracted))
        {
            yield return new ChunkLine(
                document.Id, chunk.Ordinal, document.Title, chunk.HeadingPath, extracted.Text[chunk.StartOffset..chunk.EndOffset], chunk.StartOffset, chunk.EndOffset, chunk.TokenCount);
        }
    }

    private static int Embed(List<ChunkLine> chunks, SentenceEncoder model, StreamWriter lines, FileStream vectors)
    {
        var texts = chunks.Select(chunk => PassageText.Compose(chunk.Title, chunk.Headings, chunk.Text, model)).ToArray();
        var embeddings = model.EmbedPassages(texts, Environment.ProcessorCount, CancellationToken.None);
        for (var i = 0; i < embeddings.Length; i++)
        {
            lines.WriteLine(JsonSerializer.Serialize(chunks[i], JsonSerializerOptions.Web));
            vectors.Write(MemoryMarshal.AsBytes(embeddings[i].Vector.AsSpan()));
        }

        chunks.Clear();
        return embeddings.Length;
    }

    private sealed record ChunkLine(string Doc, int Ordinal, string Title, IReadOnlyList<string> Headings, string Text, int Start, int End, int Tokens);

    private sealed class ModelFolder(string path) : IModelFiles
    {
        public bool Exists(string name) => File.Exists(Path.Combine(path, name));

        public Stream Open(string name) => File.OpenRead(Path.Combine(path, name));
    }
}
