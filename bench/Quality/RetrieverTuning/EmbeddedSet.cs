using RagPlatform.CommandLine.Evaluation;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Quality.RetrieverTuning;

/// <summary>A judged set with one vector for each document, of its title and as much of its text as the model reads, and for each query.</summary>
internal sealed record EmbeddedSet(JudgedSet Set, float[][] Documents, float[][] Queries)
{
    private const int Threads = 2;
    private const int DocumentsAtOnce = 256;

    private static readonly Dictionary<string, string> NoMetadata = [];

    public static EmbeddedSet Embed(JudgedSet set, SentenceEncoder model) => new(
        set,
        Embed(model, [.. set.Documents.Select(TextOf)], TextKind.Passage),
        Embed(model, [.. set.Queries.Select(query => query.Text)], TextKind.Query));

    /// <summary>As the trainer's corpus has it.</summary>
    public static string TextOf(CorpusDocument document) =>
        document.Title.Length == 0 || document.Title == document.Text ? document.Text : $"{document.Title}\n{document.Text}";

    /// <summary>nDCG@10 of each query, in their order: by the vectors alone, and by the platform's hybrid search with its defaults.</summary>
    public async Task<(double[] Dense, double[] Hybrid)> ScoreAsync()
    {
        var folder = Directory.CreateTempSubdirectory("rag-tuning-");
        try
        {
            var options = new CollectionIndexOptions { Dimension = Queries[0].Length };
            await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder.FullName), options, TimeProvider.System);
            foreach (var some in Set.Documents.Zip(Documents, Indexed).Chunk(DocumentsAtOnce))
            {
                await Task.WhenAll(some.Select(document => index.ReplaceAsync(document, CancellationToken.None)));
                await index.MaintainAsync(CancellationToken.None);
            }
            return (Score(index, FusionMethod.Vector), Score(index, FusionMethod.MinMax));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IndexedDocument Indexed(CorpusDocument document, float[] vector) => new(
        document.Id, 1, document.Title, "", NoMetadata, [new IndexedChunk(document.Id, 0, [], document.Text, 0, document.Text.Length, vector)]);

    private double[] Score(CollectionIndex index, FusionMethod fusion) =>
    [
        .. Set.Queries.Zip(Queries, (query, vector) =>
        {
            var found = index.Search(new SearchQuery { Text = query.Text, Vector = vector, Fusion = fusion });
            return Measures.Score(query, new RankedDocuments([.. found.Hits.Select(hit => hit.Document.DocumentId)], 0)).NdcgAt10;
        }),
    ];

    private static float[][] Embed(SentenceEncoder model, string[] texts, TextKind kind) =>
        [.. model.Embed([.. texts.Select(text => model.Encode(text, kind))], Threads, CancellationToken.None).Select(embedding => embedding.Vector)];
}
