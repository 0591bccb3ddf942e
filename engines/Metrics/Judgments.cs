namespace RagPlatform.Metrics;

/// <summary>What judges said about the documents of one query. Documents that were not judged count as irrelevant, as in trec_eval.</summary>
public sealed class Judgments
{
    private readonly Dictionary<string, double> _gains;

    /// <param name="gains">Document id → gain, 0 (irrelevant) or more; graded judgments are taken as they are.</param>
    /// <exception cref="ArgumentException">A gain is negative or not finite.</exception>
    public Judgments(IEnumerable<KeyValuePair<string, double>> gains)
    {
        _gains = new Dictionary<string, double>(gains, StringComparer.Ordinal);
        foreach (var (document, gain) in _gains)
        {
            if (!double.IsFinite(gain) || gain < 0)
            {
                throw new ArgumentException($"The gain of document '{document}' is {gain}; it must be 0 or more.", nameof(gains));
            }
        }

        IdealGains = [.. _gains.Values.Where(gain => gain > 0).OrderDescending()];
    }

    /// <summary>Of the relevant documents, highest first: what a perfect ranking gains rank by rank.</summary>
    public IReadOnlyList<double> IdealGains { get; }

    /// <summary>Documents with a gain above 0.</summary>
    public int RelevantCount => IdealGains.Count;

    /// <summary>0 for a document that was not judged.</summary>
    public double GainOf(string document) => _gains.GetValueOrDefault(document);

    public bool IsRelevant(string document) => GainOf(document) > 0;
}
