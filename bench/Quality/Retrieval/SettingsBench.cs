using System.Diagnostics;
using System.Globalization;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Bench.Quality.Retrieval;

/// <summary>
/// One setting for all collections: every combination of the grid on every set, the one that is best over all, and what
/// leaving a set out of the choice costs it.
/// </summary>
internal sealed class SettingsBench(TextWriter output, TextWriter progress)
{
    private static readonly Bm25[] Bm25s = [new(0.9f, 0.4f), new(0.9f, 0.75f), new(1.2f, 0.4f), new(1.2f, 0.75f)];
    private static readonly int[] TitleWeights = [1, 3];
    private static readonly double[] VectorWeights = [0.4, 0.5, 0.6];

    private static readonly (string Name, RankingOptions Options)[] Rankings =
    [
        ("none", new RankingOptions { Rerankers = [] }),
        ("both", new RankingOptions()),
    ];

    public async Task RunAsync(string folder, string prepared)
    {
        var sets = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(path => PreparedSet.Read(path, prepared)).ToArray();
        var values = new Dictionary<string, double[]>(StringComparer.Ordinal);
        foreach (var (index, set) in sets.Index())
        {
            foreach (var titleWeight in TitleWeights)
            {
                var begin = Stopwatch.GetTimestamp();
                await MeasureAsync(set, titleWeight, (setting, value) => Row(values, setting, sets.Length)[index] = value);
                await progress.WriteLineAsync(Invariant($"{set.Name}, title weight {titleWeight}: {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
            }
        }

        Write([.. sets.Select(set => set.Name)], values);
    }

    private static async Task MeasureAsync(PreparedSet set, int titleWeight, Action<string, double> report)
    {
        var folder = Directory.CreateTempSubdirectory("rag-settings-");
        try
        {
            var options = new CollectionIndexOptions { Dimension = PreparedSet.Dimension, TitleWeight = titleWeight };
            await FillAsync(folder.FullName, options, set);
            foreach (var bm25 in Bm25s)
            {
                foreach (var (name, ranking) in Rankings)
                {
                    await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder.FullName), options with { Bm25 = bm25, Ranking = ranking }, TimeProvider.System);
                    foreach (var weight in VectorWeights)
                    {
                        report(Invariant($"k1 {bm25.K1}, b {bm25.B} | {titleWeight} | {weight} | {name}"), MeanGain(index, set, weight));
                    }
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string folder, CollectionIndexOptions options, PreparedSet set)
    {
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), options, TimeProvider.System);
        foreach (var documents in set.Documents.Chunk(64))
        {
            await Task.WhenAll(documents.Select(document => index.ReplaceAsync(document, CancellationToken.None)));
            await index.MaintainAsync(CancellationToken.None);
        }
    }

    private static double MeanGain(CollectionIndex index, PreparedSet set, double vectorWeight) =>
        set.Queries.Zip(set.Vectors, (query, vector) =>
        {
            var found = index.Search(new SearchQuery { Text = query.Text, Vector = vector, VectorWeight = vectorWeight, MaxChunksPerDocument = 1 });
            return Measures.Score(query, new RankedDocuments([.. found.Hits.Select(hit => hit.Document.DocumentId)], 0)).NdcgAt10;
        }).Average();

    private void Write(string[] sets, Dictionary<string, double[]> values)
    {
        output.WriteLine($"nDCG@10 of {values.Count} settings, {sets.Length} sets. Best over all, by the mean share of each set's own best, then the twenty next:");
        output.WriteLine();
        output.WriteLine($"| BM25 | title weight | vector weight | after fusion | {string.Join(" | ", sets)} |");
        output.WriteLine($"|---|---|---|---|{string.Concat(sets.Select(_ => "---|"))}");
        var left = new Dictionary<string, double[]>(values, StringComparer.Ordinal);
        for (var place = 0; place <= 20; place++)
        {
            var best = LeaveOneOut.Best(left, Enumerable.Range(0, sets.Length));
            left.Remove(best, out var row);
            output.WriteLine($"| {best} | {Scores(row!)} |");
        }

        var defaults = new CollectionIndexOptions { Dimension = PreparedSet.Dimension };
        var present = Invariant($"k1 {defaults.Bm25.K1}, b {defaults.Bm25.B} | {defaults.TitleWeight} | {0.5} | both");
        output.WriteLine($"| **the defaults:** {present} | {(values.TryGetValue(present, out var found) ? Scores(found) : "not in the grid")} |");
        WriteChoices(sets, values, "");
        WriteChoices(sets, values.Where(setting => setting.Key.Contains("| 0.5 |", StringComparison.Ordinal)).ToDictionary(), ", both arms alike");
    }

    private void WriteChoices(string[] sets, Dictionary<string, double[]> values, string among)
    {
        foreach (var choice in LeaveOneOut.Choose(sets, values))
        {
            output.WriteLine(Invariant($"| {choice.Set} left out{among}: {choice.Setting} | {string.Join(" | ", sets.Select(set => set == choice.Set ? Invariant($"{choice.Value:0.0000} (its own best {choice.Best:0.0000})") : ""))} |"));
        }
    }

    private static double[] Row(Dictionary<string, double[]> values, string setting, int sets)
    {
        if (!values.TryGetValue(setting, out var row))
        {
            values.Add(setting, row = new double[sets]);
        }

        return row;
    }

    private static string Scores(double[] row) => string.Join(" | ", row.Select(value => Invariant($"{value:0.0000}")));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
