using System.Diagnostics;
using System.Globalization;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Quality.RetrieverTuning;

/// <summary>
/// What a retriever's tuning gives and takes: on other queries of the same set, those whose documents were seen in training
/// and those whose documents were not, and on other sets; by the vectors alone and in hybrid search.
/// </summary>
internal sealed class TuningBench(string model, TextWriter output, TextWriter progress)
{
    private const int Threads = 2;

    /// <summary>Of the split: all seeds of training are judged on the same queries.</summary>
    private const ulong SplitSeed = 20_261_120;

    /// <param name="tuned">The set that is tuned on, in the form of BEIR.</param>
    /// <param name="others">Sets that nothing is learnt from.</param>
    /// <param name="seeds">One run each.</param>
    /// <param name="hyperParameters">By name; what is left out the trainer chooses.</param>
    /// <param name="result">The tuned models go there, a folder for each seed.</param>
    public async Task RunAsync(string tuned, IReadOnlyList<string> others, IReadOnlyList<ulong> seeds, IReadOnlyDictionary<string, string> hyperParameters, string result)
    {
        var set = BeirFolder.Read(tuned);
        var otherSets = others.Select(BeirFolder.Read).ToArray();
        var split = TuningSplit.Of(set.Queries, SplitSeed);
        await progress.WriteLineAsync($"{split.Training.Count} queries to learn from, {split.Validation.Count} to choose by, {split.Test.Count} for the test");
        var before = await ScoreAsync(model, set, split, otherSets);
        var header = true;
        foreach (var seed in seeds)
        {
            var folder = Path.Combine(result, seed.ToString(CultureInfo.InvariantCulture));
            var (outcome, elapsed) = Train(set, split, hyperParameters, seed, folder);
            var after = await ScoreAsync(folder, set, split, otherSets);
            if (header)
            {
                await output.WriteLineAsync(string.Join(", ", outcome.HyperParameters.Select(pair => $"{pair.Key} {pair.Value}")));
                await output.WriteLineAsync();
                await output.WriteLineAsync("| seed | queries | number | dense before | dense after | difference | hybrid before | hybrid after | difference |");
                await output.WriteLineAsync("|---|---|---|---|---|---|---|---|---|");
                header = false;
            }
            foreach (var (was, became) in before.Zip(after))
            {
                await output.WriteLineAsync($"| {seed} | {was.Name} | {was.Dense.Length} | {Change(was.Dense, became.Dense)} | {Change(was.Hybrid, became.Hybrid)} |");
            }
            await output.WriteLineAsync(Invariant($"| {seed} | training took {elapsed.TotalMinutes:0.0} minutes | | | | | | | |"));
            await output.FlushAsync();
        }
    }

    private (TrainingOutcome Outcome, TimeSpan Elapsed) Train(
        JudgedSet set, TuningSplit split, IReadOnlyDictionary<string, string> hyperParameters, ulong seed, string folder)
    {
        var texts = set.Documents.ToDictionary(document => document.Id, EmbeddedSet.TextOf, StringComparer.Ordinal);
        var begin = Stopwatch.GetTimestamp();
        var outcome = new RetrieverTrainer().Train(
            new TrainingRun(new DirectoryModelFiles(model), Path.GetFileName(model), split.Pairs(texts), hyperParameters, seed, Threads)
            {
                Checkpoints = new MemoryCheckpointStore(),
                Observer = new ProgressLines(progress),
                CreateFile = name => CreateFile(folder, name),
                Corpus = [.. texts.Values],
            },
            CancellationToken.None);
        return (outcome, Stopwatch.GetElapsedTime(begin));
    }

    private async Task<IReadOnlyList<Scores>> ScoreAsync(string folder, JudgedSet set, TuningSplit split, IReadOnlyList<JudgedSet> others)
    {
        var encoder = SentenceEncoder.Load(new DirectoryModelFiles(folder), Path.GetFileName(model));
        var scores = new List<Scores>();
        var (dense, hybrid) = await EmbeddedSet.Embed(set with { Queries = split.Test }, encoder).ScoreAsync();
        var all = new Scores($"{set.Name}, test", dense, hybrid);
        var seen = split.SeenDocuments();
        var isSeen = split.Test.Select(query => query.Gains.Keys.Any(seen.Contains)).ToArray();
        scores.AddRange([all, all.Where($"{set.Name}, a document seen", isSeen), all.Where($"{set.Name}, no document seen", [.. isSeen.Select(each => !each)])]);
        foreach (var other in others)
        {
            (dense, hybrid) = await EmbeddedSet.Embed(other, encoder).ScoreAsync();
            scores.Add(new Scores(other.Name, dense, hybrid));
        }
        foreach (var score in scores)
        {
            await progress.WriteLineAsync(Invariant($"{score.Name}: dense {score.Dense.Average():0.0000}, hybrid {score.Hybrid.Average():0.0000}"));
        }
        return scores;
    }

    private static FileStream CreateFile(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.Create(path);
    }

    private static string Change(double[] before, double[] after)
    {
        var comparison = Measures.Compare(before, after);
        var (mean, low, high) = comparison.Difference;
        return Invariant($"{before.Average():0.000} | {after.Average():0.000} | {Signed(mean)} ({Signed(low)} to {Signed(high)})");
    }

    /// <summary>Rounded first, so that what rounds to nothing has no sign.</summary>
    private static string Signed(double value) => Math.Round(value, 3).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>nDCG@10 of each query.</summary>
    private sealed record Scores(string Name, double[] Dense, double[] Hybrid)
    {
        public Scores Where(string name, bool[] wanted) =>
            new(name, [.. Dense.Where((_, query) => wanted[query])], [.. Hybrid.Where((_, query) => wanted[query])]);
    }

    private sealed class ProgressLines(TextWriter lines) : ITrainingObserver
    {
        public bool IsPauseRequested => false;

        public void Progressed(TrainingProgress progress) => lines.WriteLine(Invariant($"step {progress.Step} of {progress.Steps}, loss {progress.Loss:0.000}"));

        public void Measured(string name, long step, double value)
        {
            if (name.StartsWith("validation", StringComparison.Ordinal))
            {
                lines.WriteLine(Invariant($"{name} {value:0.0000}"));
            }
        }

        public void Said(string message) => lines.WriteLine(message);
    }
}
