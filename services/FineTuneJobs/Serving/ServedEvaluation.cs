using System.Text.Json;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Evaluation;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Metrics;
using RagPlatform.Metrics.Confidence;
using RagPlatform.Metrics.Labels;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>
/// Judges a model in memory on examples, by the question and the answer of each: exact_match (JSON by its value), schema_validity
/// (share of answers that are JSON, where the right ones are), ece of the confidences against exact matches, and accuracy and
/// macro_f1 of the label: the answer itself, or that string of the JSON answers which has the most values, but not one for
/// nearly every example, as a span of the text has. Among JSON answers another text is a refusal, and so is among others one
/// that begins like one: refusal_kept is the share of these that are refused or told to be out of scope.
/// </summary>
internal static class ServedEvaluation
{
    private const int BatchTexts = 32;
    private const int MaxTokens = 256;

    /// <param name="model">That answers.</param>
    /// <param name="examples">Those that are no question with an answer are left out.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>Null where no example is left.</returns>
    public static EvaluationRow? Evaluate(IServedModel model, IReadOnlyList<TrainingExample> examples, CancellationToken cancellationToken)
    {
        var pairs = examples.Select(PairOf).OfType<(string Text, string Answer)>().ToList();
        if (pairs.Count == 0)
        {
            return null;
        }

        var answers = new List<ServedPrediction>();
        foreach (var batch in pairs.Chunk(BatchTexts))
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers.AddRange(model.Predict([.. batch.Select(pair => pair.Text)], MaxTokens, cancellationToken));
        }

        return new EvaluationRow("adapter", Measure([.. pairs.Select(pair => pair.Answer)], answers));
    }

    public static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Dictionary<string, double> Measure(List<string> expected, List<ServedPrediction> answers)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["examples"] = expected.Count };
        var isJson = expected.Count(IsJson) > expected.Count / 2;
        var refusals = expected.Index().Where(answer => isJson ? !IsJson(answer.Item) : Refusals.IsRefusal(answer.Item)).Select(answer => answer.Index).ToHashSet();
        if (refusals.Count > 0)
        {
            metrics["refusal_kept"] = refusals.Average(index => answers[index].IsOutOfScope ? 1.0 : 0);
            (expected, answers) = ([.. expected.Where((_, index) => !refusals.Contains(index))], [.. answers.Where((_, index) => !refusals.Contains(index))]);
        }

        return expected.Count == 0 ? metrics : MeasureAnswers(expected, answers, isJson, metrics);
    }

    private static Dictionary<string, double> MeasureAnswers(List<string> expected, List<ServedPrediction> answers, bool isJson, Dictionary<string, double> metrics)
    {
        var isRight = expected.Select((right, index) => isJson ? JsonExactMatch.IsMatch(right, answers[index].Json) : right.Trim() == PlainOf(answers[index].Json)).ToList();
        metrics["exact_match"] = isRight.Average(right => right ? 1.0 : 0);
        if (isJson)
        {
            metrics["schema_validity"] = answers.Average(answer => IsJson(answer.Json) ? 1.0 : 0);
        }

        if (answers.Exists(answer => answer.Confidence > 0))
        {
            metrics["ece"] = CalibrationError.Expected([.. answers.Select(answer => answer.Confidence)], isRight);
        }

        if (FindLabel(expected) is { } label)
        {
            var (right, given) = (expected.ConvertAll(answer => LabelOf(answer, label)), answers.ConvertAll(answer => LabelOf(answer.Json, label)));
            (metrics["accuracy"], metrics["macro_f1"]) = (LabelMetrics.Accuracy(right, given), LabelMetrics.MacroF1(right, given));
        }

        return metrics;
    }

    /// <summary>The name of the label's member; empty where the answers themselves are the labels; null where there is no label.</summary>
    private static string? FindLabel(List<string> expected)
    {
        var names = expected.SelectMany(MembersOf).Distinct(StringComparer.Ordinal).Append("");
        return names.Select(name => (Name: name, Values: expected.Select(answer => LabelOf(answer, name)).Distinct(StringComparer.Ordinal).Count()))
            .Where(label => label.Values > 1 && label.Values <= Math.Max(2, expected.Count / 2)).OrderByDescending(label => label.Name.Length > 0).ThenByDescending(label => label.Values)
            .Select(label => label.Name).FirstOrDefault();
    }

    private static IEnumerable<string> MembersOf(string answer)
    {
        if (!IsJson(answer))
        {
            return [];
        }

        using var json = JsonDocument.Parse(answer);
        return json.RootElement.ValueKind is JsonValueKind.Object
            ? [.. json.RootElement.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.String).Select(member => member.Name)]
            : [];
    }

    private static string LabelOf(string answer, string name)
    {
        if (name.Length == 0 || !IsJson(answer))
        {
            return name.Length == 0 ? PlainOf(answer) : "";
        }

        using var json = JsonDocument.Parse(answer);
        return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
    }

    /// <summary>A specialist that learnt plain labels answers with JSON's form of them.</summary>
    private static string PlainOf(string answer)
    {
        if (!answer.StartsWith('"') || !IsJson(answer))
        {
            return answer.Trim();
        }

        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetString()!.Trim();
    }

    private static (string Text, string Answer)? PairOf(TrainingExample example)
    {
        if (example is not ChatExample { Messages: [.., { Role: "assistant", Content.Length: > 0 } answer] } chat)
        {
            return null;
        }

        var question = chat.Messages.LastOrDefault(turn => turn.Role == "user" && turn.Content.Length > 0);
        return question is null ? null : (question.Content, answer.Content);
    }
}
