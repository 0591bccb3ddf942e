namespace RagPlatform.FineTuning.Datasets;

/// <summary>One line of a dataset that could be read: what a trainer learns from.</summary>
/// <param name="Line">In its file, from 1.</param>
/// <param name="Group">Examples of one group are never split; empty for none.</param>
public abstract record TrainingExample(int Line, string Group);

/// <summary>A conversation; a prompt with its completion is one of a user's and an assistant's message.</summary>
/// <param name="Line">In its file, from 1.</param>
/// <param name="Group">Examples of one group are never split; empty for none.</param>
/// <param name="Messages">The last is the assistant's, and at least one of the assistant's is learnt.</param>
/// <param name="Tools">JSON of the "tools" array as it stands in the file; null where there is none.</param>
public sealed record ChatExample(int Line, string Group, IReadOnlyList<ChatTurn> Messages, string? Tools) : TrainingExample(Line, Group);

/// <param name="Role">system (also for developer), user, assistant or tool.</param>
/// <param name="Content">Empty where the message is nothing but tool calls.</param>
/// <param name="ToolCalls">JSON of the "tool_calls" array as it stands in the file; null where there is none.</param>
/// <param name="Weight">Of its loss: 1, or 0 for an assistant's message that is not learnt. Other roles are never learnt, whatever it is.</param>
public sealed record ChatTurn(string Role, string Content, string? ToolCalls, int Weight)
{
    /// <summary>Its text carries loss.</summary>
    public bool IsLearnt => Weight > 0 && Role == "assistant";
}

/// <summary>A question and a passage that answers it.</summary>
/// <param name="Line">In its file, from 1.</param>
/// <param name="Group">Examples of one group are never split; empty for none.</param>
/// <param name="Query">Not empty.</param>
/// <param name="Positive">Not empty.</param>
/// <param name="Negatives">Passages that do not answer it; may be empty.</param>
public sealed record PairExample(int Line, string Group, string Query, string Positive, IReadOnlyList<string> Negatives) : TrainingExample(Line, Group);
