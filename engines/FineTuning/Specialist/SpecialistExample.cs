using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>What a specialist reads and what it is to answer.</summary>
/// <param name="Line">In its file, from 1.</param>
/// <param name="Text">The last message of the user before the answer.</param>
/// <param name="Output">The assistant's message: JSON, or a label.</param>
public sealed record SpecialistExample(int Line, string Text, string Output)
{
    private const string User = "user";
    private const string Assistant = "assistant";

    /// <summary>The last assistant's message that is learnt and has a text, with the user's before it; null where there is no such pair.</summary>
    public static SpecialistExample? From(TrainingExample example)
    {
        if (example is not ChatExample chat)
        {
            return null;
        }
        for (var answer = chat.Messages.Count - 1; answer > 0; answer--)
        {
            var turn = chat.Messages[answer];
            if (turn.Role != Assistant || turn.Weight == 0 || turn.Content.Length == 0)
            {
                continue;
            }
            for (var question = answer - 1; question >= 0; question--)
            {
                if (chat.Messages[question].Role == User)
                {
                    return new SpecialistExample(chat.Line, chat.Messages[question].Content, turn.Content);
                }
            }
        }
        return null;
    }

    /// <summary>Those that there are, in order.</summary>
    public static SpecialistExample[] FromAll(IReadOnlyList<TrainingExample> examples) =>
        [.. examples.Select(From).OfType<SpecialistExample>()];
}
