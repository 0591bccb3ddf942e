using System.Globalization;
using System.Net;
using System.Text;
using static RagPlatform.CommandLine.Evaluation.Html.Figures;

namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>An evaluation as one HTML page that needs nothing beside itself: no network, no scripts.</summary>
internal static class HtmlReport
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["lexical"] = "lexical: words (BM25)", ["vector"] = "vector: meaning", ["hybrid"] = "hybrid: both",
    };

    public static string Of(EvaluationReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Retrieval evaluation: {Encode(report.Set)}</title>
            <style>
            {ReportStyle.Css}
            </style>
            </head>
            <body>
            <main>
            <p class="eyebrow">RagPlatform · retrieval evaluation</p>
            <h1>{Encode(report.Set)}</h1>
            <p class="note">{report.At.ToUniversalTime().ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC · run {Encode(report.Id)}</p>
            {Facts(report)}
            {Quality(report)}
            {Distribution(report)}

            """);
        if (report.Tuning is { } tuning)
        {
            page.AppendLine(Weight(tuning));
        }

        return page.Append(Worst(report)).Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Facts(EvaluationReport report)
    {
        var collection = report.Collection;
        (string Name, string Value)[] facts =
        [
            ("queries", Count(report.QueryCount)), ("documents", Count(collection.DocumentCount)), ("chunks", Count(collection.ChunkCount)),
            ("model", collection.Model), ("store", collection.Store), ("collection", collection.Name),
        ];
        var list = string.Concat(facts.Select(fact => $"<div><dt>{fact.Name}</dt><dd>{Encode(fact.Value)}</dd></div>"));
        return $"<dl>{list}</dl>{string.Concat(report.Notes.Select(note => $"<p class=\"note\">{Encode(note)}</p>"))}";
    }

    private static string Quality(EvaluationReport report)
    {
        var legend = string.Concat(report.Arms.Index().Select(arm => $"<li><span class=\"key{arm.Index}\"></span>{Encode(Meaning(arm.Item))}</li>"));
        var names = string.Concat(report.Arms[0].Measures.Select(measure => $"<th scope=\"col\">{Encode(measure.Measure)}</th>"));
        var rows = string.Concat(report.Arms.Select(arm =>
            $"<tr><th scope=\"row\">{Encode(arm.Arm)}</th>{string.Concat(arm.Measures.Select(Cell))}<td>{Milliseconds(arm.LatencyMilliseconds.P50)}</td><td>{Milliseconds(arm.LatencyMilliseconds.P95)}</td></tr>"));
        return $"""
            <h2>How good the rankings are</h2>
            <p>Means over {Count(report.QueryCount)} queries, the first {Measures.Depth} documents of each, from 0 (nothing relevant found) to 1 (perfect). Lines and small figures are 95% intervals: where the mean may lie for other queries like these.</p>
            <ul class="legend">{legend}</ul>
            <figure class="scroll">{MeasureBars.Of(report.Arms)}</figure>
            <div class="scroll"><table><caption>Milliseconds are those of one query at a time, as the command line saw them.</caption>
            <thead><tr><th scope="col"></th>{names}<th scope="col">p50 ms</th><th scope="col">p95 ms</th></tr></thead><tbody>{rows}</tbody></table></div>
            """;
    }

    private static string Distribution(EvaluationReport report)
    {
        var highest = report.Arms.Max(arm => QueryDistribution.BinsOf(arm).Max());
        return $"""
            <h2>Query by query</h2>
            <p>How many queries reach which {Measures.Main}. A tall bar at the left is a question type that does not work at all; see the worst queries below.</p>
            <div class="trio">{string.Concat(report.Arms.Index().Select(arm => $"<figure>{QueryDistribution.Of(arm.Item, arm.Index, highest)}</figure>"))}</div>
            """;
    }

    private static string Weight(TuningReport tuning)
    {
        var applied = tuning.AppliedTo is { } collection ? $" It was applied to the collection {Encode(collection)}." : "";
        return $"""
            <h2>The weight of the vectors</h2>
            <p>Chosen on one half of the queries (the curve), judged on the other: {Plain(tuning.BestWeight)} instead of {Plain(tuning.CurrentWeight)} changes {Measures.Main} by {Signed(tuning.Difference.Mean)} <small>({Signed(tuning.Difference.Low)} to {Signed(tuning.Difference.High)})</small>, p {Encode(Probability(tuning.PValue))}.{applied}</p>
            <figure class="scroll">{WeightCurve.Of(tuning)}</figure>
            """;
    }

    private static string Worst(EvaluationReport report)
    {
        var sections = report.Arms.Where(arm => arm.Worst.Count > 0).Reverse().Select((arm, index) => $"""
            <details{(index == 0 ? " open" : "")}><summary>{Encode(arm.Arm)}</summary>
            <div class="scroll"><table><thead><tr><th scope="col" class="text">query</th><th scope="col">{Measures.Main}</th><th scope="col">first relevant</th><th scope="col" class="text">should be found</th><th scope="col" class="text">found first</th></tr></thead><tbody>
            {string.Concat(arm.Worst.Select(Row))}
            </tbody></table></div></details>

            """);
        var all = string.Concat(sections);
        return $"<h2>The worst queries</h2>\n{(all.Length > 0 ? all : "<p>Every query is answered perfectly.</p>")}";
    }

    private static string Row(WorstQuery query) =>
        $"<tr><td class=\"text\">{Encode(query.Text)}</td><td>{Score(query.NdcgAt10)}</td><td>{query.FirstRelevantRank?.ToString(CultureInfo.InvariantCulture) ?? "none"}</td>"
        + $"<td class=\"text\">{Encode(string.Join(", ", query.Relevant))}</td><td class=\"text\">{Encode(string.Join(", ", query.Found))}</td></tr>\n";

    private static string Cell(MeasureReport measure) => $"<td>{Score(measure.Mean)}<br><small>{Score(measure.Low)}\u2013{Score(measure.High)}</small></td>";

    private static string Meaning(ArmReport arm) => Meanings.GetValueOrDefault(arm.Arm, arm.Arm);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
