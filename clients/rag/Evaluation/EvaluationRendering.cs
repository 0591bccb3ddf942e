using System.Globalization;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>The same data as --json, for people.</summary>
internal static class EvaluationRendering
{
    /// <summary>A difference that chance alone gives less often than this is called one.</summary>
    private const double Significance = 0.05;

    private const int WorstShown = 5;

    public static void Render(this Session session, EvaluationReport report)
    {
        var collection = report.Collection;
        session.Console.MarkupLine($"[bold]{Escape(report.Set)}[/]: {report.QueryCount} queries, {collection.DocumentCount} documents, {collection.ChunkCount} chunks, {Escape(collection.Model)}  [grey]{Escape(report.Id)}[/]");
        foreach (var note in report.Notes)
        {
            session.Console.MarkupLine($"[grey]{Escape(note)}[/]");
        }

        var table = NewTable(["", .. report.Arms[0].Measures.Select(measure => measure.Measure), "p50", "p95"]);
        foreach (var arm in report.Arms)
        {
            table.AddRow([arm.Arm, .. arm.Measures.Select(Interval), Milliseconds(arm.LatencyMilliseconds.P50), Milliseconds(arm.LatencyMilliseconds.P95)]);
        }

        session.Console.Write(table);
        session.Console.MarkupLine($"[grey]With 95% intervals over queries; {Measures.Depth} documents each.[/]");
        session.Render(report.Arms[^1].Worst);
        if (report.Tuning is { } tuning)
        {
            session.Render(tuning);
        }
    }

    public static void Render(this Session session, IReadOnlyList<EvaluationReport> runs)
    {
        var table = NewTable(["run", "queries", .. runs[^1].Arms.Select(arm => $"{arm.Arm} {Measures.Main}")]);
        foreach (var run in runs)
        {
            table.AddRow([Escape(run.Id), run.QueryCount.ToString(CultureInfo.InvariantCulture), .. run.Arms.Select(arm => Interval(arm.Measures[0]))]);
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, RunComparison comparison)
    {
        session.Console.MarkupLine($"{comparison.QueryCount} queries of [bold]{Escape(comparison.Set)}[/]: {Escape(comparison.First)} and {Escape(comparison.Second)}");
        var table = NewTable("", "measure", "first", "second", "difference", "p");
        foreach (var row in comparison.Measures)
        {
            var difference = Difference(row.Difference, row.Low, row.High);
            table.AddRow(
                row.Arm, row.Measure, Score(row.First), Score(row.Second),
                row.PValue >= Significance ? difference : row.Difference > 0 ? $"[green]{difference}[/]" : $"[red]{difference}[/]", Probability(row.PValue));
        }

        session.Console.Write(table);
    }

    private static void Render(this Session session, IReadOnlyList<WorstQuery> worst)
    {
        if (worst.Count > 0)
        {
            session.Console.MarkupLine("Worst queries of the hybrid:");
        }

        foreach (var query in worst.Take(WorstShown))
        {
            var rank = query.FirstRelevantRank is { } first ? $"first relevant at {first}" : "nothing relevant found";
            session.Console.MarkupLine($"  {Score(query.NdcgAt10)}  {Escape(Rendering.Snippet(query.Text))}  [grey]{rank}; wanted {Escape(string.Join(", ", query.Relevant))}[/]");
        }
    }

    private static void Render(this Session session, TuningReport tuning)
    {
        session.Console.MarkupLine($"Weight of the vectors, chosen on one half of the queries: {Weight(tuning.BestWeight)} (now {Weight(tuning.CurrentWeight)}).");
        session.Console.MarkupLine($"On the other half: {Measures.Main} {Interval(tuning.Current)} now, {Interval(tuning.Best)} with it, difference {Difference(tuning.Difference.Mean, tuning.Difference.Low, tuning.Difference.High)}, p {Probability(tuning.PValue)}.");
        session.Console.MarkupLine(tuning switch
        {
            { AppliedTo: { } collection } => $"Applied to the collection {Escape(collection)}.",
            { Difference.Mean: <= 0 } => "It is no better: leave the weight as it is.",
            { PValue: >= Significance } => $"That may be chance. If you want it nevertheless: {session.CommandName} collections update NAME --vector-weight {Weight(tuning.BestWeight)}",
            _ => $"Set it with: {session.CommandName} collections update NAME --vector-weight {Weight(tuning.BestWeight)}",
        });
    }

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]").PadRight(2));
        }

        return table;
    }

    private static string Interval(MeasureReport measure) => $"{Score(measure.Mean)} [grey]({Score(measure.Low)}-{Score(measure.High)})[/]";

    private static string Difference(double mean, double low, double high) => string.Create(CultureInfo.InvariantCulture, $"{mean:+0.000;-0.000} ({low:+0.000;-0.000} to {high:+0.000;-0.000})");

    private static string Score(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Probability(double value) => value < 0.001 ? "<0.001" : Score(value);

    private static string Weight(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Milliseconds(double value) => value.ToString("0.0 ms", CultureInfo.InvariantCulture);

    private static string Escape(string text) => Markup.Escape(PlainText.Of(text));
}
