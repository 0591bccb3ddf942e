using RagPlatform.FineTuning.Datasets.Similarity;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>Tokens of one example, by a model's own tokenizer; a conversation's template is taken as four tokens a message, a text's frame as two.</summary>
/// <param name="Total">Read in an epoch.</param>
/// <param name="Trained">Of them those that carry loss.</param>
/// <param name="Longest">Of what is read at once.</param>
/// <param name="BeforeFirstTrained">Of a conversation, before the first learnt answer; else 0.</param>
public readonly record struct ExampleTokens(int Total, int Trained, int Longest, int BeforeFirstTrained)
{
    private const int TemplateTokens = 4;
    private const int FrameTokens = 2;

    /// <param name="example">What is counted.</param>
    /// <param name="reads">What of it is read at once.</param>
    /// <param name="countTokens">Of a text, without what every input begins or ends with.</param>
    public static ExampleTokens Count(TrainingExample example, SequenceShape reads, Func<string, int> countTokens)
    {
        ArgumentNullException.ThrowIfNull(countTokens);
        return example switch
        {
            ChatExample when reads == SequenceShape.Input => OfInput(example, countTokens),
            ChatExample chat => OfConversation(chat, countTokens),
            PairExample pair => OfPair(pair, reads == SequenceShape.Pair, countTokens),
            _ => throw new ArgumentException($"Examples of type {example?.GetType().Name} cannot be counted.", nameof(example)),
        };
    }

    private static ExampleTokens OfInput(TrainingExample example, Func<string, int> countTokens)
    {
        var tokens = countTokens(ExampleText.Input(example)) + FrameTokens;
        return new ExampleTokens(tokens, tokens, tokens, 0);
    }

    private static ExampleTokens OfConversation(ChatExample chat, Func<string, int> countTokens)
    {
        var total = chat.Tools is null ? 0 : countTokens(chat.Tools);
        var (trained, before) = (0, -1);
        foreach (var turn in chat.Messages)
        {
            var tokens = countTokens(turn.Content) + (turn.ToolCalls is null ? 0 : countTokens(turn.ToolCalls));
            if (turn.IsLearnt)
            {
                before = before < 0 ? total : before;
                trained += tokens;
            }

            total += tokens + TemplateTokens;
        }

        return new ExampleTokens(total, trained, total, Math.Max(before, 0));
    }

    private static ExampleTokens OfPair(PairExample pair, bool isJoint, Func<string, int> countTokens)
    {
        var query = countTokens(pair.Query) + FrameTokens;
        var (total, longest) = (isJoint ? 0 : query, query);
        foreach (var passage in pair.Negatives.Prepend(pair.Positive))
        {
            var tokens = countTokens(passage) + (isJoint ? query + 1 : FrameTokens);
            total += tokens;
            longest = Math.Max(longest, tokens);
        }

        return new ExampleTokens(total, total, longest, 0);
    }
}
