using RagPlatform.Tokenization;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>An embedding model's own tokens, to cut texts by.</summary>
/// <param name="Model">The model's id.</param>
/// <param name="Tokenizer">Counts without special tokens.</param>
/// <param name="MaxTokens">That the model reads at once, special tokens included.</param>
/// <param name="Hash">Of the vocabulary and its rules: tokenizers of one hash count alike.</param>
public sealed record EmbeddingTokenizer(string Model, WordPieceTokenizer Tokenizer, int MaxTokens, string Hash);
