using System.Globalization;
using Google.Protobuf;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>What is known of examples, for people.</summary>
internal static class DatasetRendering
{
    private const int LabelsShown = 10;

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());

    /// <summary>A message of the contract, as protobuf's JSON.</summary>
    public static void WriteMessage(this Session session, IMessage message) => session.Out.WriteLine(Json.Format(message));

    /// <summary>The message, or what is written for people.</summary>
    public static void WriteOr(this Session session, IMessage message, bool json, Action render)
    {
        if (json)
        {
            session.WriteMessage(message);
        }
        else
        {
            render();
        }
    }

    public static void Render(this Session session, ValidateDatasetResponse found)
    {
        foreach (var finding in found.Findings)
        {
            var place = finding.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{finding.File}:{finding.Line}") : finding.File;
            var colour = finding.Severity is DatasetFinding.Types.Severity.Error ? "red" : "yellow";
            session.Console.MarkupLine(
                $"[{colour}]{finding.Severity.ToString().ToLowerInvariant()}[/] {Rendering.Escape(place)} [grey]{Rendering.Escape(finding.Code)}[/] "
                + $"{(finding.Field.Length > 0 ? Rendering.Escape(finding.Field) + ": " : "")}{Rendering.Escape(Rendering.OneLine(finding.Problem))} [grey]{Rendering.Escape(Rendering.OneLine(finding.Remedy))}[/]");
        }

        var more = found.Errors + found.Warnings - found.Findings.Count;
        if (more > 0)
        {
            session.Note($"and {Rendering.Count(more, "finding")} more; see them with --limit.");
        }

        session.Console.MarkupLine($"{(found.Errors > 0 ? "[red]" : "[green]")}{Rendering.Count(found.Errors, "error")}[/], {Rendering.Count(found.Warnings, "warning")}");
        if (found.Statistics is { } statistics)
        {
            session.Render(statistics);
        }

        if (found.Schema is { } schema)
        {
            session.Render(schema);
        }

        if (found is { Errors: 0, Estimate: { } estimate })
        {
            session.Render(estimate);
        }
    }

    public static void Render(this Session session, Estimate estimate)
    {
        var cost = estimate.Cost > 0 ? string.Create(CultureInfo.InvariantCulture, $", {estimate.Cost:0.00} {estimate.Currency}") : "";
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]takes[/]    about {ProgressLine.Duration(estimate.Minutes * 60)}, {estimate.Tokens:#,0} tokens, {estimate.MemoryMebibytes:0} MiB, {estimate.EnergyWattHours:0.#} Wh{Rendering.Escape(cost)}"));
        if (estimate.Basis.Length > 0)
        {
            session.Console.MarkupLine($"         [grey]{Rendering.Escape(estimate.Basis)}[/]");
        }
    }

    public static void RenderSettings(this Session session, IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            session.Console.MarkupLine($"[grey]{Rendering.Escape(name)}[/] {Rendering.Escape(value)}");
        }
    }

    private static void Render(this Session session, DatasetStatistics statistics)
    {
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]examples[/] {statistics.Examples:#,0}: {statistics.TrainingExamples:#,0} to learn, {statistics.ValidationExamples:#,0} to stop by, {statistics.TestExamples:#,0} to judge by"));
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]tokens[/]   {statistics.Tokens:#,0}, of an example {statistics.TokensMedian} (median), {statistics.TokensP95} (95%), {statistics.TokensMax} (largest)"));
        foreach (var label in statistics.Labels.Take(LabelsShown))
        {
            session.Console.MarkupLine($"         [grey]{Rendering.Escape(label.Field)}[/] {Rendering.Escape(Rendering.OneLine(label.Label))} {Rendering.Number(label.Examples)}");
        }

        if (statistics.Labels.Count > LabelsShown)
        {
            session.Console.MarkupLine($"         [grey]and {statistics.Labels.Count - LabelsShown} more[/]");
        }
    }

    private static void Render(this Session session, InferredSchema schema)
    {
        foreach (var field in schema.Fields)
        {
            var values = field.Values.Count > 0 ? $": {string.Join(", ", field.Values.Take(6))}{(field.Values.Count > 6 ? $", {field.Values.Count - 6} more" : "")}" : "";
            session.Console.MarkupLine($"[grey]learns[/]   {Rendering.Escape(field.Name.Length > 0 ? field.Name : "the answer")} as {Rendering.Escape(field.Kind + (field.Optional ? " (may be absent)" : "") + values)}");
        }

        foreach (var left in schema.NotLearnable)
        {
            session.Console.MarkupLine($"[yellow]leaves[/]   {Rendering.Escape(left)}");
        }
    }
}
