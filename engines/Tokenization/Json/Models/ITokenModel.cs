using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Models;

/// <summary>Spells one word in the vocabulary (Hugging Face tokenizers, "model").</summary>
internal interface ITokenModel
{
    /// <summary>Every id is below it.</summary>
    int VocabularySize { get; }

    /// <summary>How many ids stand for something.</summary>
    int TokenCount { get; }

    bool TryGetId(string token, out int id);

    string TokenOf(int id);

    /// <param name="word">At least one UTF-16 unit.</param>
    /// <param name="pieces">Takes the word's tokens, each with its place in the word.</param>
    void Spell(ReadOnlySpan<char> word, List<Piece> pieces);

    /// <summary>How long the beginning of a word is that is spelled the same whatever follows it; at least 1.</summary>
    int IndependentLength(ReadOnlySpan<char> word) => word.Length;
}

/// <param name="Start">Into the original text, UTF-16.</param>
internal readonly record struct Token(int Id, int Start, int End);

/// <summary>Tokens by their ids and ids by their tokens.</summary>
internal sealed class TokenVocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<int, string> _tokens;

    /// <exception cref="InvalidDataException">An id is not from 0 to 4,000,000, or is there twice.</exception>
    public TokenVocabulary(Dictionary<string, int> ids)
    {
        const int MaxId = 4_000_000;
        _ids = ids;
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (token, id) in ids)
        {
            if (id is < 0 or > MaxId)
            {
                throw new InvalidDataException($"tokenizer.json.model.vocab: '{JsonNode.Shown(token)}' has the id {id}; ids go from 0 to {MaxId}.");
            }
        }

        _tokens = new Dictionary<int, string>(ids.Count);
        foreach (var (token, id) in ids)
        {
            if (!_tokens.TryAdd(id, token))
            {
                throw new InvalidDataException($"tokenizer.json.model.vocab: '{JsonNode.Shown(_tokens[id])}' and '{JsonNode.Shown(token)}' both have the id {id}.");
            }

            Size = Math.Max(Size, id + 1);
        }
    }

    /// <summary>Every id is below it; some may stand for nothing.</summary>
    public int Size { get; }

    public int Count => _tokens.Count;

    public IEnumerable<KeyValuePair<string, int>> Entries => _ids;

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    public string TokenOf(int id) => _tokens.GetValueOrDefault(id, "");

    /// <summary>The ids of "&lt;0x00&gt;" to "&lt;0xFF&gt;", with which characters can be spelled; null where one is not there.</summary>
    public int?[] ByteTokens() =>
        [.. Enumerable.Range(0, 256).Select(value => TryGetId($"<0x{value:X2}>", out var id) ? id : (int?)null)];
}
