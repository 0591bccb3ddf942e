namespace RagPlatform.Bench.Engines.Training;

/// <summary>What is measured on both sides.</summary>
/// <param name="Mode">"full", "lora" or "inference".</param>
/// <param name="Dropout">Everywhere where BERT has it.</param>
/// <param name="Rank">Of LoRA on every linear layer.</param>
/// <param name="Batch">Texts.</param>
/// <param name="Tokens">Of each.</param>
internal sealed record TrainingCase(string Mode, float Dropout, int Rank, int Batch, int Tokens)
{
    public string Name => Mode switch
    {
        "full" => "all weights",
        "lora" => $"LoRA r{Rank}, every linear layer",
        _ => "inference",
    };
}

/// <param name="Seconds">On the clock.</param>
/// <param name="ProcessorSeconds">Of all threads together, which other work on the machine changes less.</param>
internal readonly record struct TrainingTime(double Seconds, double ProcessorSeconds);
