using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Labels;
using RagPlatform.FineTuning.Datasets.Reading;
using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Answers that are JSON, but not all, or not all alike.</summary>
internal static class SchemaCheck
{
    private const int LeastAnswers = 20;
    private const double MostlyJson = 0.9;
    private const double RareShare = 0.02;
    private const int RareCount = 2;

    public static void Judge(TrainingFileContent file, FindingLog findings, CancellationToken cancellationToken)
    {
        var shapes = new OutputShapes();
        var others = new List<int>();
        foreach (var chat in file.Examples.OfType<ChatExample>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var json = JsonOutput.Parse(ExampleText.Output(chat).Trim());
            if (json is null)
            {
                others.Add(chat.Line);
            }
            else
            {
                shapes.Add(json.RootElement, chat.Line);
            }
        }

        if (shapes.Answers < LeastAnswers || shapes.Answers < MostlyJson * file.Examples.Count)
        {
            return;
        }

        foreach (var line in others)
        {
            findings.Add(
                FindingCode.OutputNotJson, file.Name, line, Field(file, ""), "The answer is not a JSON object; nearly all others are.",
                "Write it as JSON like the others, unless it is a refusal: from these a specialist learns what is out of scope.");
        }

        JudgeKeys(file, shapes, findings);
    }

    private static void JudgeKeys(TrainingFileContent file, OutputShapes shapes, FindingLog findings)
    {
        foreach (var (path, shape) in shapes.Paths)
        {
            var parents = shapes.Objects(path);
            if (shape.Count <= Math.Max(RareCount, RareShare * parents) && parents >= LeastAnswers)
            {
                var siblings = shapes.Siblings(path).Where(sibling => shapes.Paths[sibling].Count > shape.Count).Select(OutputShapes.NameOf);
                findings.Add(
                    FindingCode.RareKey, file.Name, shape.FirstLine, Field(file, Text.Shown(path)), $"The key is in {shape.Count:N0} of {parents:N0} objects, here first.",
                    $"Mend its spelling, add examples with it, or take it out.{Suggestion.Sentence(OutputShapes.NameOf(path), siblings)}");
            }

            var usual = shape.Types.MaxBy(type => type.Value.Count);
            foreach (var (type, (count, line)) in shape.Types.Where(type => type.Key != usual.Key))
            {
                findings.Add(
                    FindingCode.TypeChange, file.Name, line, Field(file, Text.Shown(path)),
                    $"The value is {type} in {count:N0} answers, here first, and {usual.Key} in {usual.Value.Count:N0}.",
                    $"Write it as {usual.Key} everywhere.");
            }
        }
    }

    /// <summary>Places in the answer come after a colon: they are JSON inside a string.</summary>
    private static string Field(TrainingFileContent file, string path)
    {
        var answer = file.Format == DatasetFormat.Completion ? "completion" : "messages";
        return path.Length == 0 ? answer : $"{answer}: {path}";
    }
}
