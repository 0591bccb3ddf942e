using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Examples that are longer than the model reads.</summary>
internal static class LengthCheck
{
    /// <returns>Each example's tokens.</returns>
    public static ExampleTokens[] Judge(
        TrainingFileContent file, MethodRules rules, int maxTokens, Func<string, int> countTokens, FindingLog findings, CancellationToken cancellationToken)
    {
        var all = new ExampleTokens[file.Examples.Count];
        for (var i = 0; i < all.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var example = file.Examples[i];
            var tokens = all[i] = ExampleTokens.Count(example, rules.Reads, countTokens);
            if (tokens.BeforeFirstTrained >= maxTokens)
            {
                findings.Add(
                    FindingCode.PromptTooLong, file.Name, example.Line, "messages",
                    $"{tokens.BeforeFirstTrained:N0} tokens come before the first answer that is learnt; the model reads {maxTokens:N0}, so nothing of it is learnt.",
                    "Shorten what comes before the answer, or choose a longer context.");
            }
            else if (tokens.Longest > maxTokens)
            {
                findings.Add(
                    FindingCode.ExampleTooLong, file.Name, example.Line, "",
                    $"{What(rules.Reads)} has {tokens.Longest:N0} tokens; the model reads {maxTokens:N0}, {Then(rules.Reads)}.",
                    "Shorten it or cut it into several examples.");
            }
        }

        if (all.Length > 0 && all.All(tokens => tokens.BeforeFirstTrained >= maxTokens))
        {
            findings.Add(
                FindingCode.NothingToLearn, file.Name, 0, "messages", $"In every example the first answer lies beyond the {maxTokens:N0} tokens that the model reads.",
                "Shorten what comes before the answers, or choose a longer context.");
        }

        return all;
    }

    private static string Then(SequenceShape reads) =>
        reads == SequenceShape.Conversation ? "and whether it is cut, left out or refused is the trainer's setting" : "the rest is cut off";

    private static string What(SequenceShape reads) => reads switch
    {
        SequenceShape.Input => "The input",
        SequenceShape.EachText => "The longest text",
        SequenceShape.Pair => "The query with its longest passage",
        _ => "The conversation",
    };
}
