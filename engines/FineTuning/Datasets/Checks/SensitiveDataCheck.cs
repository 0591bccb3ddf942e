using System.Globalization;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Sensitive;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Secrets and personal data that a model would learn by heart. What was found is never printed, only where it stands.</summary>
internal static class SensitiveDataCheck
{
    public static void Judge(TrainingFileContent file, FindingLog findings, CancellationToken cancellationToken)
    {
        foreach (var example in file.Examples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (field, text) in Texts(example, file.Format))
            {
                foreach (var found in SensitiveData.Find(text))
                {
                    findings.Add(
                        found.IsSecret ? FindingCode.Secret : FindingCode.PersonalData, file.Name, example.Line, field,
                        $"What looks like {found.Kind} stands at character {found.Position + 1:N0} ({found.Length:N0} characters).",
                        found.IsSecret ? "Take it out and make it invalid: whoever has the model or the file has it." : "Replace it by an invented one, unless you may train on it.");
                }
            }
        }
    }

    private static IEnumerable<(string Field, string Text)> Texts(TrainingExample example, DatasetFormat format)
    {
        if (example is PairExample pair)
        {
            yield return ("query", pair.Query);
            yield return ("positive", pair.Positive);
            for (var i = 0; i < pair.Negatives.Count; i++)
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"negatives[{i}]"), pair.Negatives[i]);
            }

            yield break;
        }

        var chat = (ChatExample)example;
        for (var i = 0; i < chat.Messages.Count; i++)
        {
            var message = string.Create(CultureInfo.InvariantCulture, $"messages[{i}]");
            yield return (format == DatasetFormat.Completion ? (i == 0 ? "prompt" : "completion") : $"{message}.content", chat.Messages[i].Content);
            if (chat.Messages[i].ToolCalls is { } calls)
            {
                yield return ($"{message}.tool_calls", calls);
            }
        }

        if (chat.Tools is { } tools)
        {
            yield return ("tools", tools);
        }
    }
}
