using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How an embedding model counts, to cut texts by.</summary>
/// <param name="Model">The model's id.</param>
/// <param name="Count">Tokens of a text, without special ones: the model's own, or a guess where it shows none.</param>
/// <param name="RoomTokens">That a passage may have and be read whole, beside special ones and the model's prefix.</param>
/// <param name="Hash">Of the vocabulary and its rules: tokenizers of one hash count alike.</param>
public sealed record EmbeddingTokenizer(string Model, TokenCounter Count, int RoomTokens, string Hash);
