namespace RagPlatform.Generation;

/// <summary>What callers call the answering models.</summary>
public static class ModelNames
{
    public const string Extractive = "extractive";
    public const string OpenAIPrefix = "openai/";
}
