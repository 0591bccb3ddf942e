using System.Diagnostics;
using RagPlatform.Bench.Engines.Corpus;
using RagPlatform.Search;
using RagPlatform.Search.Files;

namespace RagPlatform.Bench.Engines.Storage;

/// <summary>Fills an index on a real folder, with maintenance beside, and opens it again.</summary>
internal static class StorageBench
{
    private const int Dimension = 384;
    private const int Writers = 8;
    private const int Openings = 5;
    private const int Replacements = 500;

    public static async Task<int> RunAsync(string corpus, int chunks, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("ragplatform-storage-").FullName;
        try
        {
            await RunAsync(folder, corpus, chunks, output);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, string corpus, int chunks, TextWriter output)
    {
        var options = new CollectionIndexOptions { Dimension = Dimension };
        await output.WriteLineAsync($"""
            # An index on disk

            ```
            dotnet run -c Release --project bench/Engines -- storage CORPUS {chunks} > bench/results/storage.md
            ```

            {chunks:N0} chunks of documentation with vectors of {Dimension} dimensions; {Writers} writers of whole documents, each write flushed to disk before it
            is acknowledged; maintenance (files, merges, HNSW) beside them. {Environment.ProcessorCount} cores. Opened with the files in the page cache; every byte is verified.

            | | |
            |---|---|
            """);
        IndexedDocument[] sample;
        await using (var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), options, TimeProvider.System))
        {
            sample = await FillAsync(index, corpus, chunks, output);
            await ReplaceAsync(index, sample, output);
        }

        for (var opening = 0; opening < Openings; opening++)
        {
            var stopwatch = Stopwatch.StartNew();
            var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), options, TimeProvider.System);
            await output.WriteLineAsync(FormattableString.Invariant($"| opening {opening + 1}, with {index.Describe().Segments} segments | {stopwatch.Elapsed.TotalSeconds:0.00} s |"));
            await index.DisposeAsync();
        }
    }

    private static async Task<IndexedDocument[]> FillAsync(CollectionIndex index, string corpus, int chunks, TextWriter output)
    {
        var stopwatch = Stopwatch.StartNew();
        var sample = new List<IndexedDocument>();
        using var written = new CancellationTokenSource();
        var maintenance = Task.Run(() => MaintainUntilAsync(index, written.Token), CancellationToken.None);
        await Parallel.ForEachAsync(
            CorpusDocuments.Read(corpus, Dimension, chunks), new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (document, cancellationToken) =>
            {
                await index.ReplaceAsync(document, cancellationToken);
                lock (sample)
                {
                    if (sample.Count < Replacements)
                    {
                        sample.Add(document);
                    }
                }
            });
        var seconds = stopwatch.Elapsed.TotalSeconds;
        await written.CancelAsync();
        await maintenance;
        var description = index.Describe();
        await output.WriteLineAsync(FormattableString.Invariant($"| written, durable and visible | {seconds:0.0} s, {description.Chunks / seconds:0} chunks/s |"));
        await output.WriteLineAsync(FormattableString.Invariant($"| until all merges were done | {stopwatch.Elapsed.TotalSeconds:0.0} s |"));
        await output.WriteLineAsync(FormattableString.Invariant(
            $"| documents, chunks, segments, chunks in HNSW | {description.Documents}, {description.Chunks}, {description.Segments}, {description.GraphChunks} |"));
        await output.WriteLineAsync(FormattableString.Invariant($"| on disk | {description.DiskBytes / 1e6:0} MB, {description.DiskBytes / description.Chunks} bytes per chunk |"));
        await output.WriteLineAsync(FormattableString.Invariant($"| largest working set so far | {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB |"));
        return [.. sample];
    }

    private static async Task MaintainUntilAsync(CollectionIndex index, CancellationToken written)
    {
        while (!written.IsCancellationRequested)
        {
            await index.MaintainAsync(CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        await index.MaintainAsync(CancellationToken.None);
    }

    private static async Task ReplaceAsync(CollectionIndex index, IndexedDocument[] sample, TextWriter output)
    {
        var milliseconds = new List<double>();
        foreach (var document in sample)
        {
            var begin = Stopwatch.GetTimestamp();
            await index.ReplaceAsync(document with { Version = 2 }, CancellationToken.None);
            milliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        milliseconds.Sort();
        await output.WriteLineAsync(FormattableString.Invariant(
            $"| replacing one document after the other, {sample.Average(document => document.Chunks.Count):0.0} chunks each | p50 {milliseconds[milliseconds.Count / 2]:0.0} ms, p99 {milliseconds[milliseconds.Count * 99 / 100]:0.0} ms |"));
    }
}
