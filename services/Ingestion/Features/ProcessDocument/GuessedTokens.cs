using System.Text;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>
/// Tokens of a model that shows none, as one behind another's endpoint: UTF-8 bytes / 3, rounded up. English has about 4 bytes
/// a token and Chinese about 3, so a guess is rather too high, and the model reads the chunk whole.
/// </summary>
internal static class GuessedTokens
{
    public const string Hash = "guessed utf-8/3";
    private const int BytesPerToken = 3;

    public static int Count(ReadOnlySpan<char> text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;
}
