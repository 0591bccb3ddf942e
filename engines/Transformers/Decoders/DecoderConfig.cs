namespace RagPlatform.Transformers.Decoders;

/// <summary>The shape of a Llama-family decoder.</summary>
public sealed record DecoderConfig
{
    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    /// <summary>Query heads of a layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads of a layer, each shared by Heads / KeyHeads query heads.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Components of a query, key or value; even.</summary>
    public required int HeadSize { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>Longest text, in tokens, that the model reads rightly.</summary>
    public required int MaxPositions { get; init; }

    public required float NormEpsilon { get; init; }

    public required RotarySettings Rotary { get; init; }

    /// <summary>Queries, keys and values have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Attention's output has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    public bool FeedForwardBias { get; init; }

    /// <summary>Each head's query and key are normalised before they are rotated (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>The logits come from the token embeddings' matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>The token that begins a text; null where the model has none.</summary>
    public int? BeginOfTextId { get; init; }

    /// <summary>The tokens that end a text; may be empty.</summary>
    public IReadOnlyList<int> EndOfTextIds { get; init; } = [];

    /// <summary>Width of all query heads together.</summary>
    public int QuerySize => Heads * HeadSize;

    /// <summary>Width of all key heads together, and of all value heads.</summary>
    public int KeySize => KeyHeads * HeadSize;
}
