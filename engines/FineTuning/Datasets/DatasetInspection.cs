using RagPlatform.FineTuning.Datasets.Checks;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Similarity;
using RagPlatform.FineTuning.Datasets.Splitting;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>Judges the files of a dataset together, for one method and model, and splits them.</summary>
public sealed record DatasetInspection
{
    public required MethodRules Rules { get; init; }

    public required SplitSettings Split { get; init; }

    /// <summary>What the model reads at most at once.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Of a text, by the model's tokenizer.</summary>
    public required Func<string, int> CountTokens { get; init; }

    public int MaxFindingsPerCode { get; init; } = FindingLog.DefaultMaxPerCode;

    /// <summary>Time is near-linear in the files' bytes: 100,000 short examples take seconds.</summary>
    /// <param name="training">Always.</param>
    /// <param name="validation">Null: a part of the training file.</param>
    /// <param name="test">Null: a part of the training file.</param>
    /// <param name="cancellationToken">Looked at between examples.</param>
    public DatasetReport Inspect(
        TrainingFileContent training, TrainingFileContent? validation, TrainingFileContent? test, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var findings = new FindingLog(MaxFindingsPerCode);
        TrainingFileContent[] files = [.. new[] { training, validation, test }.OfType<TrainingFileContent>()];
        var sets = new Dictionary<TrainingFileContent, ExampleSet>(ReferenceEqualityComparer.Instance);
        var tokens = new Dictionary<TrainingFileContent, ExampleTokens[]>(ReferenceEqualityComparer.Instance);
        foreach (var file in files)
        {
            findings.AddAll(file.Findings);
            FormatCheck.Judge(file, Rules, findings);
            SensitiveDataCheck.Judge(file, findings, cancellationToken);
            tokens.Add(file, LengthCheck.Judge(file, Rules, MaxTokens, CountTokens, findings, cancellationToken));
            SchemaCheck.Judge(file, findings, cancellationToken);
            sets.Add(file, ExampleSet.Of(file.Examples, ExampleText.Input, cancellationToken));
        }

        var set = sets[training];
        var clusters = ExampleClusters.Of(set, cancellationToken);
        var labels = LabelField.Find(training.Examples, cancellationToken);
        var duplicates = DuplicateCheck.Judge(training, set, clusters, labels, findings);
        ContradictionCheck.Judge(training, set, findings);
        SizeCheck.Judge(training, set, Rules, findings);
        LabelCheck.Judge(training, set, labels, Rules, findings);
        foreach (var heldOut in files.Skip(1))
        {
            LabelCheck.JudgeHeldOut(heldOut, labels, findings);
        }

        var leakage = LeakageCheck.Judge(training, validation, test, file => sets[file], findings, cancellationToken);
        var parts = SplitUp(set, clusters, labels, training, validation, test, findings, cancellationToken);
        var totals = TokenTotals.Of(training, tokens[training], parts.Training);
        return new DatasetReport(findings, Statistics(parts, files, totals, duplicates, labels), leakage, findings.Errors == 0 ? parts : null);
    }

    private TrainingSet SplitUp(
        ExampleSet set, ExampleClusters clusters, LabelField? labels,
        TrainingFileContent training, TrainingFileContent? validation, TrainingFileContent? test, FindingLog findings, CancellationToken cancellationToken)
    {
        var settings = Split with
        {
            ValidationShare = validation is null ? Split.ValidationShare : 0,
            TestShare = test is null ? Split.TestShare : 0,
        };
        var parts = new TrainingSet(training.Examples, [], []);
        try
        {
            parts = training.Examples.Count == 0 ? parts : DatasetSplitter.Split(set, clusters, labels, settings, cancellationToken);
        }
        catch (TrainingException refusal)
        {
            findings.Add(FindingCode.CannotSplit, training.Name, 0, "", refusal.Problem, refusal.Remedy);
        }

        return new TrainingSet(parts.Training, validation?.Examples ?? parts.Validation, test?.Examples ?? parts.Test);
    }

    private static DatasetStatistics Statistics(
        TrainingSet parts, TrainingFileContent[] files, TokenTotals tokens, DuplicateCounts duplicates, LabelField? labels)
    {
        const int MaxLabels = 200;
        return new DatasetStatistics(
            files.Sum(file => (long)file.Examples.Count), parts.Training.Count, parts.Validation.Count, parts.Test.Count,
            tokens.Total, tokens.Trained, tokens.Median, tokens.P95, tokens.Max, duplicates.Equal, duplicates.Near, labels?.Path,
            [.. (labels?.Counts ?? new Dictionary<string, int>()).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MaxLabels).Select(pair => new LabelCount(pair.Key, pair.Value))]);
    }
}
