using System.Collections.Concurrent;
using System.Globalization;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Hostile;

/// <summary>What became of every file, and of the processes.</summary>
internal sealed class HostileReport(HostilePlan plan, IReadOnlyDictionary<string, int> processes)
{
    private const int PageSize = 1000;
    private const int ShownCharacters = 160;

    private readonly List<(HostileFile File, string Outcome, TimeSpan Time)> named = [];
    private readonly ConcurrentBag<(string Format, string Outcome)> damaged = [];
    private readonly Dictionary<string, (double First, double Most)> memory = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public TimeSpan Time { get; set; }

    /// <summary>Nothing hangs, nothing is still on its way, and every refusal has its reason.</summary>
    public bool IsClean => !named.Exists(one => one.Outcome.StartsWith("HANGS", StringComparison.Ordinal)) && damaged.Count == plan.Cases
        && damaged.All(one => one.Outcome is not ("unfinished" or "Internal" or "Unknown" or "Unavailable" or "STEP_FAILED" or "TOO_MANY_ATTEMPTS"));

    public void AddNamed(HostileFile file, string outcome, TimeSpan time) => named.Add((file, outcome, time));

    public void AddRefused(HostileFile file, string refusal) => damaged.Add((Path.GetExtension(file.Name), refusal[..refusal.IndexOf(':', StringComparison.Ordinal)]));

    public void Sample()
    {
        lock (gate)
        {
            var table = new ProcessTable();
            foreach (var (name, id) in processes)
            {
                var now = table.UseOf(id, processes.Values).ResidentMebibytes;
                memory[name] = memory.TryGetValue(name, out var known) ? (known.First, Math.Max(known.Most, now)) : (now, now);
            }
        }
    }

    public async Task CollectAsync(IngestionService.IngestionServiceClient ingestion)
    {
        var request = new ListDocumentsRequest { Tenant = HostilePlan.Tenant, Collection = HostilePlan.Collection, PageSize = PageSize };
        do
        {
            var page = await ingestion.ListDocumentsAsync(request);
            foreach (var document in page.Documents.Where(document => document.Id.Length > 6 && document.Id[5] == '-' && char.IsAsciiDigit(document.Id[0])))
            {
                damaged.Add((Path.GetExtension(document.Id), document.State switch
                {
                    DocumentState.Indexed => "indexed",
                    DocumentState.Failed => document.Failure.Code,
                    _ => "unfinished",
                }));
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <param name="ended">Services that ended by themselves.</param>
    public void Write(IReadOnlyList<string> ended)
    {
        Line($"| file | bytes | became | s |\n|---|---|---|---|");
        foreach (var (file, outcome, time) in named)
        {
            Line($"| {file.Name} | {file.Content.Length:N0} | {(outcome.Length > ShownCharacters ? outcome[..ShownCharacters] + "…" : outcome).ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)} | {time.TotalSeconds:0.0} |");
        }

        Line($"\n{plan.Cases} damaged files, seed {plan.Seed}, in {Time.TotalSeconds:0} s; services that ended by themselves: {ended.Count} {string.Join(", ", ended)}\n");
        Line($"| format | files | became |\n|---|---|---|");
        foreach (var format in damaged.GroupBy(one => one.Format, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var outcomes = format.GroupBy(one => one.Outcome, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}");
            Line($"| {format.Key} | {format.Count()} | {string.Join(", ", outcomes)} |");
        }

        Line($"\n| process, with its children | memory MiB at first | at most |\n|---|---|---|");
        foreach (var (name, (first, most)) in memory)
        {
            Line($"| {name} | {first:0} | {most:0} |");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
