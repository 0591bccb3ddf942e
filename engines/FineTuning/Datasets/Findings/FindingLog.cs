namespace RagPlatform.FineTuning.Datasets.Findings;

/// <summary>Counts every finding and keeps the first of each code, so that one mistake on every line does not hide the others.</summary>
/// <param name="maxPerCode">Kept of each code, at least 1.</param>
public sealed class FindingLog(int maxPerCode = FindingLog.DefaultMaxPerCode)
{
    /// <summary>With the codes there are, at most about 10,000 findings in all.</summary>
    public const int DefaultMaxPerCode = 200;

    private readonly Dictionary<FindingCode, long> counts = [];
    private readonly List<Finding> kept = [];

    /// <summary>Of all, also of those that were not kept.</summary>
    public IReadOnlyDictionary<FindingCode, long> Counts => counts;

    public long Errors => Count(FindingSeverity.Error);

    public long Warnings => Count(FindingSeverity.Warning);

    /// <summary>Those kept: errors first, then by file in the order they were read in, then by line.</summary>
    public IReadOnlyList<Finding> Kept()
    {
        var files = kept.Select(finding => finding.File).Distinct().ToList();
        return [.. kept.OrderBy(finding => finding.Severity).ThenBy(finding => files.IndexOf(finding.File)).ThenBy(finding => finding.Line)];
    }

    public void Add(FindingCode code, string file, int line, string field, string problem, string remedy) =>
        Add(new Finding(code, file, line, field, problem, remedy));

    /// <summary>Takes over another log's findings and counts.</summary>
    public void AddAll(FindingLog other)
    {
        var before = new Dictionary<FindingCode, long>(counts);
        foreach (var finding in other.kept)
        {
            Add(finding);
        }

        foreach (var (code, count) in other.counts)
        {
            counts[code] = before.GetValueOrDefault(code) + count;
        }
    }

    private void Add(Finding finding)
    {
        var count = counts.GetValueOrDefault(finding.Code);
        counts[finding.Code] = count + 1;
        if (count < maxPerCode)
        {
            kept.Add(finding);
        }
    }

    private long Count(FindingSeverity severity) => counts.Where(pair => pair.Key.Severity == severity).Sum(pair => pair.Value);
}
