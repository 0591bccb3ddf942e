using System.Globalization;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>Jobs and adapters, for people.</summary>
internal static class JobRendering
{
    /// <summary>As many as fit a line; all are in --json.</summary>
    private static readonly string[] MetricsShown = ["accuracy", "macro_f1", "slot_f1", "exact_match", "schema_validity", "ece", "oos_auroc", "perplexity", "refusal_kept", "ndcg_at_10", "latency_p50_ms"];

    public static void Render(this Session session, IReadOnlyList<Job> jobs)
    {
        if (jobs.Count == 0)
        {
            session.Note("There are no such jobs; rag finetune train makes one.");
            return;
        }

        var table = Rendering.NewTable("job", "method", "state", "name", "created", "detail");
        foreach (var job in jobs)
        {
            table.AddRow(
                Rendering.Escape(job.Id), TrainingOptions.Name(job.Spec.Method), Rendering.Colour(JobDisplay.Name(job.State)), Rendering.Escape(job.Spec.Suffix),
                Rendering.Time(job.CreatedAt?.ToDateTimeOffset()), Rendering.Escape(job.Failure?.Problem ?? (job.State is JobState.Succeeded ? job.Adapter : JobDisplay.Describe(job))));
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, Job job)
    {
        session.Console.MarkupLine($"{Rendering.Escape(job.Id)}: {Rendering.Colour(JobDisplay.Name(job.State))}");
        if (job.Failure is { } failure)
        {
            session.Error(failure.Code, failure.Problem, failure.Remedy.Length > 0 ? failure.Remedy : null);
        }
    }

    public static void Render(this Session session, GetAdapterResponse found)
    {
        var adapter = found.Adapter;
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"[bold]{Rendering.Escape(adapter.Name)}:{adapter.Version}[/] {Rendering.Escape(adapter.Id)}, {adapter.State.ToString().ToLowerInvariant()}, {ProgressLine.Size(adapter.Bytes)}, on {Rendering.Escape(adapter.BaseModel)}"));
        session.Render(found.Rows);
        session.Render(adapter.Gate);
        if (adapter.State is AdapterState.Promotable)
        {
            session.Note($"Let it serve: {session.CommandName} finetune promote {adapter.Name}:{adapter.Version}");
        }
        else if (adapter.State is AdapterState.Candidate && adapter.Gate is { Passed: false } gate)
        {
            session.Note(
                $"It may not serve: {string.Join(", ", gate.Checks.Where(check => !check.Passed).Select(check => check.Name))}. Train on more or better data; or change a limit "
                + $"({session.CommandName} finetune gate --set) and judge it again ({session.CommandName} finetune eval {adapter.Name}:{adapter.Version}).");
        }
    }

    public static void Render(this Session session, IReadOnlyList<EvaluationRow> rows)
    {
        var shown = MetricsShown.Where(name => rows.Any(row => row.Metrics.ContainsKey(name))).ToArray();
        if (shown.Length == 0)
        {
            return;
        }

        var table = Rendering.NewTable(["system", .. shown]);
        foreach (var row in rows)
        {
            table.AddRow([Rendering.Escape(row.System), .. shown.Select(name => row.Metrics.TryGetValue(name, out var value) ? Figure(value) : "")]);
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, GateReport? gate)
    {
        foreach (var check in gate?.Checks ?? [])
        {
            session.Console.MarkupLine(
                $"{(check.Passed ? "[green]passed[/]" : "[red]failed[/]")} {Rendering.Escape(check.Name)}: {Figure(check.Value)}, limit {Figure(check.Limit)} [grey]{Rendering.Escape(Rendering.OneLine(check.Explanation))}[/]");
        }
    }

    public static string Figure(double value) => value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture);
}
