namespace RagPlatform.FineTuning.Datasets;

/// <summary>What of an example a method's model reads at once.</summary>
public enum SequenceShape
{
    /// <summary>All messages, tools and answers.</summary>
    Conversation,

    /// <summary>What is asked; the answer is learnt by heads.</summary>
    Input,

    /// <summary>Query and passages, each by itself.</summary>
    EachText,

    /// <summary>The query together with each passage.</summary>
    Pair,
}

/// <summary>What a method of training asks of its data.</summary>
/// <param name="Method">As in ITrainer.Method; empty for any.</param>
/// <param name="TakesChat">It learns from conversations and completions.</param>
/// <param name="TakesPairs">It learns from queries with passages.</param>
/// <param name="Reads">At once.</param>
/// <param name="MinExamples">Distinct; below it there is no job.</param>
/// <param name="UsualExamples">Distinct; below it there is a warning.</param>
/// <param name="UsualRange">For people, with its source.</param>
public sealed record MethodRules(
    string Method, bool TakesChat, bool TakesPairs, SequenceShape Reads, int MinExamples, int UsualExamples, string UsualRange)
{
    public static MethodRules Specialist { get; } = new(
        "specialist", true, false, SequenceShape.Input, 10, 50,
        "8 to 100 examples of each label (SetFit, arXiv 2209.11055; CLINC150, arXiv 1909.02027)");

    public static MethodRules Decoder { get; } = new(
        "decoder", true, false, SequenceShape.Conversation, 10, 50,
        "50 to 100 for a style or a format (OpenAI's fine-tuning guide), about 1,000 for an assistant (LIMA, arXiv 2305.11206)");

    public static MethodRules OpenAi { get; } = Decoder with { Method = "openai" };

    public static MethodRules Retriever { get; } = new(
        "retriever", false, true, SequenceShape.EachText, 10, 500,
        "809 questions (SciFact) to 502,939 (MS MARCO), as trained on in BEIR (arXiv 2104.08663)");

    public static MethodRules Reranker { get; } = Retriever with { Method = "reranker", Reads = SequenceShape.Pair };

    /// <summary>An external program: it knows its own limits.</summary>
    public static MethodRules Command { get; } = new("command", true, true, SequenceShape.Conversation, 1, 0, "");

    public static IReadOnlyList<MethodRules> All { get; } = [Specialist, Decoder, OpenAi, Retriever, Reranker, Command];

    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static MethodRules For(string method) =>
        All.FirstOrDefault(rules => rules.Method == method)
            ?? throw new ArgumentException($"The method \"{method}\" is not known; there are {string.Join(", ", All.Select(rules => rules.Method))}.", nameof(method));
}
