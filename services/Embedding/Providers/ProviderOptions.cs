namespace RagPlatform.Embedding.Providers;

/// <summary>
/// One model behind an OpenAI-compatible endpoint (OpenAI, Ollama, TEI, vLLM), bound from "Embedding:Providers:NAME" and
/// known as NAME/MODEL.
/// </summary>
public sealed class ProviderOptions
{
    /// <summary>With the version, as in "https://api.openai.com/v1": "/embeddings" is asked below it.</summary>
    public string BaseAddress { get; set; } = "";

    /// <summary>Sent as a bearer token; empty sends none. Never logged.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>The provider's name of the model.</summary>
    public string Model { get; set; } = "";

    /// <summary>Length of its vectors, 1 to 65,536; 0 takes that of the first answer. Another one is an error.</summary>
    public int Dimension { get; set; }

    /// <summary>Ask for vectors of <see cref="Dimension"/>: for models that can shorten theirs.</summary>
    public bool SendDimension { get; set; }

    /// <summary>Tokens that the model reads of a text, 16 to 1,000,000. Title and headings are left out of a chunk where they do not fit.</summary>
    public int MaxTokens { get; set; } = 512;

    /// <summary>Texts in one request, 1 to 2,048.</summary>
    public int BatchTexts { get; set; } = 32;

    /// <summary>Tokens in one request, guessed as one for every 3 characters, 16 to 10,000,000; 0 sets no limit.</summary>
    public int BatchTokens { get; set; }

    /// <summary>Put before questions, such as "query: ".</summary>
    public string QueryPrefix { get; set; } = "";

    /// <summary>Put before passages, such as "passage: ".</summary>
    public string PassagePrefix { get; set; } = "";

    /// <summary>For one try of one request, 1 to 600.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Requests at once, 1 to 256; one of several is kept free for questions.</summary>
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>How vectors are asked for: "base64" (a quarter of the bytes) or "float". Either is understood in the answer.</summary>
    public string EncodingFormat { get; set; } = "base64";
}
