using System.Globalization;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>What was seen, as Markdown, and whether it is what was promised.</summary>
internal sealed record SwapReport(
    SwapPlan Plan, Collection Held, Collection Holds, double FillSeconds, SwapBuild Build, TimeSpan BuildBegan, TimeSpan BuildEnded, int Beside, long Failed, SwapSearches Searches,
    SwapReference Former, SwapReference Present)
{
    public bool Write()
    {
        var answers = Searches.Answers.ToList();
        var mixed = answers.Where(answer => !Former.Explains(answer) && !Present.Explains(answer)).ToList();
        var exact = answers.Where(answer => answer.IsExact).ToList();
        var hybrid = answers.Where(answer => !answer.IsExact).ToList();
        Line($"{Held.DocumentCount} documents in {Held.ChunkCount} chunks, put in {FillSeconds:0} s ({Held.ChunkCount / FillSeconds:0} chunks/s), {Describe(Held)}; after: {Holds.DocumentCount} documents in {Holds.ChunkCount} chunks, {Describe(Holds)}.\n");
        Line($"| | |\n|---|---|");
        Line($"| searches by {SwapSearches.Clients} clients | {answers.Count} |");
        Line($"| failed | {Searches.Failures.Count} |");
        Line($"| that mix the indexes | {mixed.Count} |");
        Line($"| exact: of the former index, of the new one | {exact.Count(Former.Explains)}, {exact.Count(Present.Explains)} of {exact.Count} |");
        Line($"| hybrid: as the former index, as the new one; hits checked by their cosine | {hybrid.Count(Former.Explains)}, {hybrid.Count(Present.Explains)} of {hybrid.Count}; {hybrid.Sum(answer => (Former.Explains(answer) ? Former : Present).KnownHits(answer))} of {hybrid.Sum(answer => answer.Hits.Length)} |");
        Line($"| of {SwapLoad.Questions} questions, those whose answers do not tell the indexes apart | {Former.CountAlike(Present)} |");
        Line($"| build, the kill included | {(BuildEnded - BuildBegan).TotalSeconds:0.0} s, {Build.ChunksPerSecond:0} chunks/s while searched |");
        Line($"| killed at, resumed at | {Build.KilledAt}, {Build.ResumedAt} of {Held.ChunkCount} chunks; resumed {Build.Last.ResumeCount} time(s) |");
        Line($"| Retrieval away | {Build.Away.TotalSeconds:0.0} s; {answers.Count(answer => answer.WasRepeated)} searches were asked again until answered, the longest {answers.Where(answer => answer.WasRepeated).Select(answer => answer.Milliseconds / 1000).DefaultIfEmpty().Max():0.0} s |");
        Line($"| documents put meanwhile | {Beside}; {Failed} failed |\n");
        Line($"| hybrid searches | count | searches/s | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|---|");
        Row("before", hybrid, TimeSpan.Zero, BuildBegan);
        Row("while the second index is built", hybrid, BuildBegan, BuildEnded);
        Row("after the switch", hybrid, BuildEnded, Searches.Now);
        foreach (var failure in Searches.Failures.Take(5))
        {
            Line($"\nfailed: {failure}");
        }

        return Searches.Failures.IsEmpty && mixed.Count == 0 && Failed == 0 && Build.Last.State == BuildState.Succeeded && Build.ResumedAt > 0
            && Holds.DocumentCount == Held.DocumentCount + Beside && exact.Any(Former.Explains) && exact.Any(Present.Explains);
    }

    private static string Describe(Collection collection) => $"model `{collection.Model}`, chunking `{collection.ChunkingHash}`";

    private static void Row(string name, List<SwapAnswer> answers, TimeSpan from, TimeSpan to)
    {
        var times = answers.Where(answer => answer.BeganAt >= from && answer.BeganAt < to && !answer.WasRepeated).Select(answer => answer.Milliseconds).Order().ToList();
        if (times.Count > 0)
        {
            Line($"| {name} | {times.Count} | {times.Count / (to - from).TotalSeconds:0} | {times[times.Count / 2]:0.0} | {times[times.Count * 99 / 100]:0.0} | {times[^1]:0.0} |");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
