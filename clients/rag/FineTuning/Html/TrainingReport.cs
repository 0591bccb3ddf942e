using System.Globalization;
using System.Net;
using System.Text;
using RagPlatform.CommandLine.Evaluation.Html;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.FineTuning.Html;

/// <summary>A training run as one HTML page that needs nothing beside itself: no network, no scripts.</summary>
internal static class TrainingReport
{
    private const string Traces = """

        .trace { fill: none; stroke-width: 1.8; } .trace0 { stroke: var(--arm1); } .trace1 { stroke: var(--arm0); } .trace2 { stroke: var(--arm2); }
        .fill.arm0 { fill: var(--arm1); } .fill.arm1 { fill: var(--arm0); } .key0 { background: var(--arm1); } .key1 { background: var(--arm0); }
        .passed { color: var(--arm2); } .refused { color: var(--arm0); font-weight: 600; }
        @media print { :root { color-scheme: light; } main { padding: 0; max-width: none; } h2, .legend { break-after: avoid; } figure, tr { break-inside: avoid; } }
        """;

    /// <param name="history">At least one update of the job.</param>
    /// <param name="adapter">Null where there is none.</param>
    public static string Of(JobHistory history, GetAdapterResponse? adapter)
    {
        var job = history.Job!;
        var title = job.Spec.Suffix.Length > 0 ? job.Spec.Suffix : job.Id;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Training: {Encode(title)}</title>
            <style>
            {ReportStyle.Css}{Traces}
            </style>
            </head>
            <body>
            <main>
            <p class="eyebrow">RagPlatform · fine-tuning</p>
            <h1>{Encode(title)}</h1>
            <p class="note">{Encode(job.Id)}: {Encode(JobDisplay.Name(job.State))}</p>
            {Facts(job)}

            """);
        if (job.Failure is { } failure)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"<p class=\"refused\">{Encode(failure.Code)}: {Encode(failure.Problem)} {Encode(failure.Remedy)}</p>");
        }

        Loss(page, history);
        Others(page, history);
        if (adapter is not null)
        {
            Evaluation(page, adapter);
        }

        Settings(page, job);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Facts(Job job)
    {
        var took = job.StartedAt is { } start && job.EndedAt is { } end ? (end.ToDateTimeOffset() - start.ToDateTimeOffset()).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : "";
        (string Name, string Value)[] facts =
        [
            ("method", TrainingOptions.Name(job.Spec.Method)), ("base model", job.Spec.BaseModel), ("seed", job.Spec.Seed.ToString(CultureInfo.InvariantCulture)),
            ("steps", Figures.Count(job.Progress?.Step ?? 0)), ("tokens", Figures.Count(job.Progress?.Tokens ?? 0)), ("time", took), ("adapter", job.Adapter),
        ];
        return $"<dl>{string.Concat(facts.Where(fact => fact.Value.Length > 0).Select(fact => $"<div><dt>{fact.Name}</dt><dd>{Encode(fact.Value)}</dd></div>"))}</dl>";
    }

    private static void Loss(StringBuilder page, JobHistory history)
    {
        List<(string Name, IReadOnlyList<(long, double)> Points)> curves = [.. new[] { "train_loss", "validation_loss" }.Select(name => (name.Replace('_', ' '), history.Points(name))).Where(curve => curve.Item2.Count > 0)];
        if (curves.Any(curve => curve.Points.Count > 1))
        {
            var legend = string.Concat(curves.Index().Select(curve => $"<li><span class=\"key{curve.Index}\"></span>{Encode(curve.Item.Name)}</li>"));
            page.AppendLine(CultureInfo.InvariantCulture, $"<h2>Loss</h2><ul class=\"legend\">{legend}</ul><figure class=\"scroll\">{StepCurve.Of("The loss over the steps.", curves)}</figure>");
        }
    }

    private static void Others(StringBuilder page, JobHistory history)
    {
        foreach (var name in history.Metrics.Where(name => name is not ("train_loss" or "validation_loss") && history.Points(name).Count > 1).OrderBy(name => name is "gradient_norm" or "learning_rate"))
        {
            var words = name.Replace('_', ' ');
            page.AppendLine(CultureInfo.InvariantCulture, $"<h2>{Encode(char.ToUpperInvariant(words[0]) + words[1..])}</h2><figure class=\"scroll\">{StepCurve.Of($"{words} over the steps.", [(words, history.Points(name))])}</figure>");
        }
    }

    private static void Evaluation(StringBuilder page, GetAdapterResponse found)
    {
        var names = found.Rows.SelectMany(row => row.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        var heads = string.Concat(names.Select(name => $"<th scope=\"col\">{Encode(name.Replace('_', ' '))}</th>"));
        var rows = string.Concat(found.Rows.Select(row =>
            $"<tr><th scope=\"row\">{Encode(row.System)}</th>{string.Concat(names.Select(name => $"<td>{(row.Metrics.TryGetValue(name, out var value) ? JobRendering.Figure(value) : "")}</td>"))}</tr>"));
        page.AppendLine(CultureInfo.InvariantCulture, $"<h2>On what was held out</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\"></th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>");
        var checks = string.Concat((found.Adapter.Gate?.Checks ?? []).Select(check =>
            $"<tr><th scope=\"row\">{Encode(check.Name.Replace('_', ' '))}</th><td class=\"{(check.Passed ? "passed" : "refused")}\">{(check.Passed ? "passed" : "failed")}</td><td>{JobRendering.Figure(check.Value)}</td><td>{JobRendering.Figure(check.Limit)}</td><td class=\"text\">{Encode(check.Explanation)}</td></tr>"));
        if (checks.Length > 0)
        {
            page.AppendLine(CultureInfo.InvariantCulture, $"<h2>The gate</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\"></th><th scope=\"col\"></th><th scope=\"col\">value</th><th scope=\"col\">limit</th><th scope=\"col\" class=\"text\"></th></tr></thead><tbody>{checks}</tbody></table></div>");
        }
    }

    private static void Settings(StringBuilder page, Job job)
    {
        if (job.HyperParameters.Count > 0)
        {
            var rows = string.Concat(job.HyperParameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"<tr><th scope=\"row\">{Encode(pair.Key)}</th><td>{Encode(pair.Value)}</td></tr>"));
            page.AppendLine(CultureInfo.InvariantCulture, $"<h2>Settings</h2><div class=\"scroll\"><table><tbody>{rows}</tbody></table></div>");
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
