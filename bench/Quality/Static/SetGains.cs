using RagPlatform.Bench.Quality.Retrieval;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Bench.Quality.Static;

/// <summary>A set's mean nDCG@10 with vectors of any origin in the place of its own.</summary>
internal sealed class SetGains(PreparedSet set)
{
    private const int DocumentsAtOnce = 256;

    /// <summary>So little that the vectors' scores change no order, while what comes after fusion is done.</summary>
    private const double NextToNothing = 1e-6;

    public PreparedSet Set => set;

    /// <summary>BM25, and BM25 followed by what the titles of the best hits tell; no vectors.</summary>
    public Task<(double Lexical, double WithLinks)> MeasureLexicalAsync() => MeasureAsync([.. set.Documents.SelectMany(document => document.Chunks.Select(chunk => chunk.Vector))], async (folder, options) =>
    {
        var links = options with { Ranking = new RankingOptions { Rerankers = [new TitleLinks()] } };
        return (
            await MeanAsync(folder, options, set.Vectors, new SearchQuery { Text = "", Fusion = FusionMethod.Lexical }),
            await MeanAsync(folder, links, set.Vectors, new SearchQuery { Text = "", VectorWeight = NextToNothing }));
    });

    /// <param name="passages">Of every chunk, in the order of the set's documents and their chunks.</param>
    /// <param name="questions">Of every query.</param>
    public Task<Gains> MeasureAsync(IReadOnlyList<float[]> passages, IReadOnlyList<float[]> questions) => MeasureAsync([.. passages.Select(vector => (ReadOnlyMemory<float>)vector)], async (folder, options) => new Gains(
        await MeanAsync(folder, options, questions, new SearchQuery { Text = "", Fusion = FusionMethod.Vector }),
        await MeanAsync(folder, options, questions, new SearchQuery { Text = "" }),
        await MeanAsync(folder, options with { Ranking = new RankingOptions { Rerankers = [] } }, questions, new SearchQuery { Text = "" })));

    private async Task<T> MeasureAsync<T>(ReadOnlyMemory<float>[] passages, Func<string, CollectionIndexOptions, Task<T>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("rag-static-");
        try
        {
            var options = new CollectionIndexOptions { Dimension = PreparedSet.Dimension };
            await FillAsync(folder.FullName, options, passages);
            return await measure(folder.FullName, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task FillAsync(string folder, CollectionIndexOptions options, ReadOnlyMemory<float>[] passages)
    {
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), options, TimeProvider.System);
        var next = 0;
        IndexedDocument[] documents = [.. set.Documents.Select(document =>
            document with { Chunks = [.. document.Chunks.Select(chunk => chunk with { Vector = passages[next++] })] })];
        foreach (var some in documents.Chunk(DocumentsAtOnce))
        {
            await Task.WhenAll(some.Select(document => index.ReplaceAsync(document, CancellationToken.None)));
            await index.MaintainAsync(CancellationToken.None);
        }
    }

    private async Task<double> MeanAsync(string folder, CollectionIndexOptions options, IReadOnlyList<float[]> questions, SearchQuery how)
    {
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), options, TimeProvider.System);
        return set.Queries.Zip(questions, (query, vector) =>
        {
            var found = index.Search(how with { Text = query.Text, Vector = vector, MaxChunksPerDocument = 1 });
            return Measures.Score(query, new RankedDocuments([.. found.Hits.Select(hit => hit.Document.DocumentId)], 0)).NdcgAt10;
        }).Average();
    }
}

/// <summary>Mean nDCG@10 by document.</summary>
/// <param name="Vector">The vectors alone.</param>
/// <param name="Hybrid">As the platform searches by default.</param>
/// <param name="Plain">The same without what comes after fusion.</param>
internal sealed record Gains(double Vector, double Hybrid, double Plain);
