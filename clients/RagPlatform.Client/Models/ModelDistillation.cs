namespace RagPlatform.Client;

/// <summary>Which static model to make.</summary>
public sealed record ModelDistillation
{
    /// <summary>The encoder; the default embedding model when empty.</summary>
    public string Model { get; init; } = "";

    /// <summary>Whose passages the new model is to fit; "default" when empty.</summary>
    public string Collection { get; init; } = "";

    /// <summary>What the new model is called: not in use yet.</summary>
    public required string Name { get; init; }

    /// <summary>That it learns from, 1 to 50,000; 20,000 when 0.</summary>
    public int MaxChunks { get; init; }
}

/// <summary>How far the making of a static model is.</summary>
/// <param name="Step">"embedding" (of passages), "tokens" (embedded each alone), "training" (percent), "writing" or "ready".</param>
/// <param name="Done">Of <paramref name="Total"/>.</param>
/// <param name="Total">0 while unknown.</param>
/// <param name="Model">The new model's name.</param>
public sealed record DistillProgress(string Step, long Done, long Total, string Model);
