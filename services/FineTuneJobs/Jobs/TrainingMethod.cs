namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>How a model is fine-tuned. Numbers are stored.</summary>
public enum TrainingMethod
{
    /// <summary>By the data and the model.</summary>
    Unspecified = 0,
    Specialist = 1,
    Decoder = 2,
    Retriever = 3,
    Reranker = 4,
    OpenAI = 5,
    Command = 6,
}

public static class TrainingMethods
{
    /// <summary>As trainers and help write it, such as specialist.</summary>
    public static string Name(this TrainingMethod method) => method.ToString().ToLowerInvariant();

    /// <summary>What it makes answers for an encoder.</summary>
    public static bool UsesEncoder(this TrainingMethod method) => method is TrainingMethod.Specialist or TrainingMethod.Retriever or TrainingMethod.Reranker;
}
