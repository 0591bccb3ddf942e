using System.Globalization;
using System.Text.Json;
using RagPlatform.Metrics;
using RagPlatform.Numerics;
using RagPlatform.Transformers;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>A set in BEIR's form, ranked by the vectors alone: a document is its title and text, as far as the model reads.</summary>
internal sealed class JudgedTexts
{
    private const int Cutoff = 10;

    private readonly (string Id, string Text)[] _documents;
    private readonly (string Text, Judgments Judgments)[] _queries;

    public JudgedTexts(string folder)
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        _documents = Read(Path.Combine(folder, "corpus.jsonl"));
        var gains = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t'))
            .ToLookup(row => row[0], row => KeyValuePair.Create(row[1], double.Parse(row[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        _queries = [.. Read(Path.Combine(folder, "queries.jsonl")).Where(query => gains.Contains(query.Id)).Select(query => (query.Text, new Judgments(gains[query.Id])))];
    }

    public string Name { get; }

    public int Documents => _documents.Length;

    public int Queries => _queries.Length;

    /// <summary>The mean nDCG@10 over the queries.</summary>
    public double NormalizedDiscountedCumulativeGain(SentenceEncoder encoder)
    {
        var documents = encoder.EmbedPassages([.. _documents.Select(document => document.Text)], Environment.ProcessorCount, CancellationToken.None);
        var queries = encoder.Embed([.. _queries.Select(query => encoder.Encode(query.Text, TextKind.Query))], Environment.ProcessorCount, CancellationToken.None);
        return queries.Zip(_queries).Average(pair =>
        {
            var scores = documents.Select(document => -VectorMath.Dot(document.Vector, pair.First.Vector)).ToArray();
            var places = Enumerable.Range(0, documents.Length).ToArray();
            Array.Sort(scores, places);
            return RankingMetrics.NormalizedDiscountedCumulativeGain([.. places.Take(Cutoff).Select(place => _documents[place].Id)], pair.Second.Judgments, Cutoff);
        });
    }

    private static (string Id, string Text)[] Read(string path) => [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        var title = json.RootElement.TryGetProperty("title", out var value) ? value.GetString() : "";
        var text = json.RootElement.GetProperty("text").GetString();
        return (json.RootElement.GetProperty("_id").GetString()!, string.IsNullOrEmpty(title) ? text! : $"{title}\n{text}");
    })];
}
