using System.Globalization;
using RagPlatform.Bench.Load.Embed;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>What was seen, as Markdown.</summary>
internal sealed record IngestReport(
    IngestPlan Plan, int Dropped, TimeSpan Dropping, IReadOnlyList<IngestMoment> Moments, BareResult? Before, BareResult? After, double BareTokens, IngestAudit Audit)
{
    private const int Parts = 10;

    private IngestMoment First => Moments[0];

    private IngestMoment Last => Moments[^1];

    public void Write()
    {
        var model = Plan.IsTrivial ? $"a table of random numbers with the tokenizer of {Path.GetFileName(Plan.Model)}" : Path.GetFileName(Plan.Model);
        Line($"{Dropped} documents, {Audit.Chunks} chunks, {model}, {Environment.ProcessorCount} cores\n");
        Line($"| | |\n|---|---|");
        Line($"| lost | {Audit.Lost} |");
        Line($"| chunk ids twice | {Audit.Twice} |");
        Line($"| documents that registry and index tell apart | {Audit.Differing} |");
        Line($"| indexed, failed | {Audit.Indexed}, {Audit.Failed.Count} ({string.Join("; ", Audit.Failed.Take(5))}) |");
        Line($"| dropped and confirmed in | {Dropping.TotalSeconds:0.0} s |");
        Line($"| all at rest after | {Last.Seconds:0.0} s |");
        Line($"| documents/s | {Dropped / Last.Seconds:0.0} |");
        Line($"| chunks/s | {Rate:0.0} |");
        Line($"| chunks/s by tenths of the time | {string.Join(", ", Tenths().Select(rate => rate.ToString("0", CultureInfo.InvariantCulture)))} |");
        Line($"| chunks per core-second, all processes | {Audit.Chunks / Used.Values.Sum():0.0} |");
        if (Before is not null && After is not null)
        {
            var (bare, perCore) = ((Before.TextsPerSecond + After.TextsPerSecond) / 2, (Before.TextsPerProcessorSecond + After.TextsPerProcessorSecond) / 2);
            Line($"| bare engine, chunks/s before, after ({BareTokens:0} tokens on average) | {Before.TextsPerSecond:0.0}, {After.TextsPerSecond:0.0} |");
            Line($"| **ratio to the bare engine's chunks/s** | **{Rate / bare:0.000}** |");
            Line($"| bare engine, chunks per core-second | {perCore:0.0} |");
            Line($"| ratio of chunks per core-second | {Audit.Chunks / Used.Values.Sum() / perCore:0.000} |");
        }

        WriteEstimates();
        Line($"\n| process | core-seconds | core-seconds per 1,000 chunks | of the second half | memory MiB at first | by tenths | of it private |\n|---|---|---|---|---|---|---|");
        foreach (var (process, seconds) in Used)
        {
            var memory = Moments.Select(moment => moment.Uses[process].ResidentMebibytes);
            var own = Moments.Select(moment => moment.Uses[process].PrivateMebibytes);
            Line($"| {process} | {seconds:0.0} | {seconds / Audit.Chunks * 1000:0.00} | {LaterUse(process):0.00} | {First.Uses[process].ResidentMebibytes:0} | {Medians(memory)} | {Medians(own)} |");
        }
    }

    private double Rate => Audit.Chunks / Last.Seconds;

    /// <summary>Once a minute: when the platform says that all will be done, and how far that is from the truth.</summary>
    private void WriteEstimates()
    {
        var told = Moments.Where(moment => moment.RemainingSeconds is not null && moment.Seconds < Last.Seconds)
            .GroupBy(moment => (int)(moment.Seconds / 60)).Select(minute => minute.First()).ToList();
        if (told.Count == 0)
        {
            return;
        }

        Line($"\n| after | progress told | of the chunks, in truth | seconds left, told | in truth | end told, off by (of the whole time) |\n|---|---|---|---|---|---|");
        foreach (var moment in told)
        {
            var off = (moment.Seconds + moment.RemainingSeconds!.Value - Last.Seconds) / Last.Seconds;
            Line($"| {moment.Seconds:0} s | {moment.Progress:0.00} | {(double)moment.Chunks / Last.Chunks:0.00} | {moment.RemainingSeconds:0} | {Last.Seconds - moment.Seconds:0} | {off:+0.0%;-0.0%} |");
        }
    }

    /// <summary>Core-seconds by process.</summary>
    private Dictionary<string, double> Used =>
        Last.Uses.ToDictionary(use => use.Key, use => use.Value.ProcessorSeconds - First.Uses[use.Key].ProcessorSeconds, StringComparer.Ordinal);

    /// <summary>Core-seconds per 1,000 chunks once half of the chunks are there, so that what starting costs is not in it.</summary>
    private double LaterUse(string process)
    {
        var half = Moments.First(moment => moment.Chunks >= Last.Chunks / 2);
        return (Last.Uses[process].ProcessorSeconds - half.Uses[process].ProcessorSeconds) / (Last.Chunks - half.Chunks) * 1000;
    }

    private IEnumerable<double> Tenths() => Enumerable.Range(0, Parts)
        .Select(part => (ChunksAt(Last.Seconds * (part + 1) / Parts) - ChunksAt(Last.Seconds * part / Parts)) / (Last.Seconds / Parts));

    private double ChunksAt(double seconds)
    {
        var next = Moments.FirstOrDefault(moment => moment.Seconds >= seconds) ?? Last;
        var former = Moments.LastOrDefault(moment => moment.Seconds <= seconds) ?? First;
        return next.Seconds > former.Seconds
            ? former.Chunks + ((next.Chunks - former.Chunks) * (seconds - former.Seconds) / (next.Seconds - former.Seconds))
            : former.Chunks;
    }

    private string Medians(IEnumerable<double> samples) => string.Join(", ",
        samples.Chunk((Moments.Count + Parts - 1) / Parts).Select(part => part.Order().ElementAt(part.Length / 2).ToString("0", CultureInfo.InvariantCulture)));

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
