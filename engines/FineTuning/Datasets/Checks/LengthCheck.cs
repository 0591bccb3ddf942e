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
                    $"{tokens.BeforeFirstTrained:N0} tokens come before the first answer that is learnt; the model reads {maxTokens:N0}, so nothing would be learnt.",
                    "Shorten what comes before the answer, or choose a longer context.");
            }
            else if (tokens.Longest > maxTokens)
            {
                findings.Add(
                    FindingCode.ExampleTooLong, file.Name, example.Line, "",
                    $"{What(rules.Reads)} has {tokens.Longest:N0} tokens; the model reads {maxTokens:N0}, the rest is cut off.",
                    "Shorten it or cut it into several examples.");
            }
        }

        return all;
    }

    private static string What(SequenceShape reads) => reads switch
    {
        SequenceShape.Input => "The input",
        SequenceShape.EachText => "The longest text",
        SequenceShape.Pair => "The query with its longest passage",
        _ => "The conversation",
    };
}
