namespace RagPlatform.CommandLine.Evaluation;

// What --json prints and the history keeps. Property names are a contract with scripts: add, never rename.

/// <param name="Id">Time and set, e.g. "20261120-104512-manuals".</param>
/// <param name="Fingerprint">Of the set: runs over the same one can be compared.</param>
/// <param name="Arms">"lexical", "vector" and "hybrid", in this order.</param>
/// <param name="Tuning">Null unless it was asked for.</param>
internal sealed record EvaluationReport(
    string Id,
    DateTimeOffset At,
    string Set,
    string Fingerprint,
    SearchedCollection Collection,
    int QueryCount,
    IReadOnlyList<ArmReport> Arms,
    TuningReport? Tuning,
    IReadOnlyList<string> Notes);

internal sealed record SearchedCollection(string Name, string Model, string Store, string ConfigurationHash, long DocumentCount, long ChunkCount);

/// <param name="Worst">By nDCG@10, the worst first; none that is perfect.</param>
/// <param name="Queries">All, in the set's order.</param>
internal sealed record ArmReport(
    string Arm, IReadOnlyList<MeasureReport> Measures, LatencyReport LatencyMilliseconds, IReadOnlyList<WorstQuery> Worst, IReadOnlyList<QueryScores> Queries);

/// <param name="Low">Of the 95% interval; likewise <paramref name="High"/>.</param>
internal sealed record MeasureReport(string Measure, double Mean, double Low, double High);

/// <summary>As the command saw it, one query at a time.</summary>
internal sealed record LatencyReport(double P50, double P95);

/// <param name="FirstRelevantRank">From 1; null when none was among those found.</param>
/// <param name="Relevant">Some of the documents that should be found.</param>
/// <param name="Found">The first documents found.</param>
internal sealed record WorstQuery(string Id, string Text, double NdcgAt10, int? FirstRelevantRank, IReadOnlyList<string> Relevant, IReadOnlyList<string> Found);

internal sealed record QueryScores(
    string Id, double NdcgAt10, double RecallAt10, double RecallAt100, double ReciprocalRank, double AveragePrecision, double Milliseconds);

/// <summary>A weight chosen on one half of the queries and judged on the other.</summary>
/// <param name="Curve">nDCG@10 on the first half, by weight.</param>
/// <param name="CurrentWeight">What the collection is searched with.</param>
/// <param name="Current">On the second half; likewise <paramref name="Best"/>.</param>
/// <param name="PValue">Of the difference on the second half.</param>
/// <param name="AppliedTo">A collection; null when it was not applied.</param>
internal sealed record TuningReport(
    IReadOnlyList<WeightPoint> Curve,
    double CurrentWeight,
    double BestWeight,
    MeasureReport Current,
    MeasureReport Best,
    MeasureReport Difference,
    double PValue,
    string? AppliedTo);

internal sealed record WeightPoint(double VectorWeight, double Mean, double Low, double High);
