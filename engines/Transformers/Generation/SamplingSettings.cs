namespace RagPlatform.Transformers.Generation;

/// <summary>How the next token is chosen among the likely ones.</summary>
public sealed record SamplingSettings
{
    /// <summary>Always the likeliest token; of equally likely ones the lowest id.</summary>
    public static SamplingSettings Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits: 0 takes the likeliest token, 1 the model's own distribution. From 0 to 10.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only the likeliest so many tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the likeliest tokens that together have at least this probability (nucleus sampling: Holtzman et al. 2020,
    /// arXiv:1904.09751). Above 0, at most 1, which is all.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>Only tokens of at least this share of the likeliest one's probability (Nguyen et al. 2024, arXiv:2407.01082). From 0 to 1.</summary>
    public double MinP { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; names it.</exception>
    public void Check()
    {
        ThrowUnless(Temperature is >= 0 and <= 10, nameof(Temperature), Temperature, "0 to 10");
        ThrowUnless(TopK >= 0, nameof(TopK), TopK, "0 or more");
        ThrowUnless(TopP is > 0 and <= 1, nameof(TopP), TopP, "above 0, at most 1");
        ThrowUnless(MinP is >= 0 and <= 1, nameof(MinP), MinP, "0 to 1");
    }

    internal static void ThrowUnless(bool isInRange, string name, object value, string range)
    {
        if (!isInRange)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
