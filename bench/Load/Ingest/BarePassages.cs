using System.Text;
using RagPlatform.Documents;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>What the model reads when the platform ingests documents: their chunks, cut as Ingestion does, each with its title and headings.</summary>
internal static class BarePassages
{
    /// <summary>So many that their chunks are as long on average as all: a few large documents have most of them.</summary>
    private const int SampledDocuments = 3000;
    private const int Seed = 20_261_120;

    public static string[] Read(LoadDocuments documents, SentenceEncoder model)
    {
        var chunker = new Chunker(new ChunkingOptions(), model.Tokenizer.Count);
        var passages = documents.Sample(SampledDocuments).SelectMany(document => Cut(document, chunker, model)).ToArray();
        new Random(Seed).Shuffle(passages);
        return passages;
    }

    private static IEnumerable<string> Cut(LoadDocument document, Chunker chunker, SentenceEncoder model)
    {
        ExtractedDocument extracted;
        try
        {
            extracted = new DocumentExtractor().Extract(new DocumentSource(Encoding.UTF8.GetBytes(document.Text), document.ContentType), CancellationToken.None);
        }
        catch (ExtractionException)
        {
            // Ingestion fails it, too.
            return [];
        }

        return chunker.Chunk(extracted).Select(chunk =>
            PassageText.Compose(document.Title, chunk.HeadingPath, extracted.Text[chunk.StartOffset..chunk.EndOffset], model));
    }
}
