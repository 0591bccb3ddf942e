using System.Text;
using RagPlatform.Tokenization.Json;
using RagPlatform.Tokenization.Json.Models;

namespace RagPlatform.Tokenization;

/// <summary>
/// The tokenizer that a tokenizer.json describes (Hugging Face tokenizers): added tokens, normalisation, splitting into
/// words, byte-pair encoding or a unigram model, and the way back. Thread-safe. Does what the file says or refuses it
/// when it is read.
/// </summary>
public sealed class JsonTokenizer : ITextTokenizer
{
    private readonly TokenizerParts _parts;
    private readonly AddedTokens _rawRecognized;
    private readonly AddedTokens _rawAsText;
    private readonly AddedTokens _normalized;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly Dictionary<string, int> _addedByContent;
    private Work? _free;

    private JsonTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        // A special token is looked for in the text as it is, whatever the file says: so do the originals.
        _rawRecognized = new AddedTokens(parts.Added.Where(token => token.IsSpecial || !token.IsNormalized));
        _rawAsText = new AddedTokens(parts.Added.Where(token => !token.IsSpecial && !token.IsNormalized));
        _normalized = new AddedTokens(parts.Added.Where(token => !token.IsSpecial && token.IsNormalized));
        _addedById = parts.Added.ToDictionary(token => token.Id);
        _addedByContent = parts.Added.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        VocabularySize = parts.Added.Select(token => token.Id).Concat(parts.Prefix).Concat(parts.Suffix).Append(parts.Model.VocabularySize - 1).Max() + 1;
    }

    /// <summary>Every id is below it, those that stand around every text among them.</summary>
    public int VocabularySize { get; }

    /// <exception cref="InvalidDataException">The file is damaged, or asks for something that is not supported; the message says where.</exception>
    public static JsonTokenizer Read(Stream tokenizerJson)
    {
        ArgumentNullException.ThrowIfNull(tokenizerJson);
        return new JsonTokenizer(TokenizerFile.Read(tokenizerJson));
    }

    /// <summary>The id of a token by its spelling in the vocabulary; null if there is none.</summary>
    public int? IdOf(string token) =>
        _addedByContent.TryGetValue(token, out var id) || _parts.Model.TryGetId(token, out id) ? id : null;

    /// <summary>Number of tokens in the text, without those that the model's inputs begin or end with.</summary>
    public int Count(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.AsText)
    {
        using var work = Begin();
        Split(text, special, work);
        return work.Tokens.Count;
    }

    /// <summary>The text's tokens with their places in the text, without those that the model's inputs begin or end with.</summary>
    /// <remarks>A token that stands for nothing in the text, such as an added prefix, has an empty span.</remarks>
    public TokenizedText Tokenize(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.AsText)
    {
        using var work = Begin();
        Split(text, special, work);
        var (ids, starts, ends) = (new int[work.Tokens.Count], new int[work.Tokens.Count], new int[work.Tokens.Count]);
        for (var i = 0; i < ids.Length; i++)
        {
            (ids[i], starts[i], ends[i]) = work.Tokens[i];
        }

        return new TokenizedText(ids, starts, ends);
    }

    /// <summary>The text as a model's input, cut at the end where it has too many tokens.</summary>
    /// <param name="maxTokens">Limit on tokens, those that every input begins or ends with included.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below what every input has.</exception>
    public EncodedText Encode(ReadOnlySpan<char> text, int maxTokens, SpecialTokens special = SpecialTokens.AsText)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, _parts.Prefix.Count + _parts.Suffix.Count);
        using var work = Begin();
        Split(text, special, work);
        var seen = Math.Min(work.Tokens.Count, maxTokens - _parts.Prefix.Count - _parts.Suffix.Count);
        return new EncodedText([.. _parts.Prefix, .. work.Tokens.Take(seen).Select(token => token.Id), .. _parts.Suffix], work.Tokens.Count - seen);
    }

    /// <summary>
    /// The bytes (of UTF-8, not always whole characters) that a token adds to a text that has begun; none for a special
    /// token and for an id that stands for nothing.
    /// </summary>
    public byte[] BytesOf(int id) =>
        !_addedById.TryGetValue(id, out var added) ? TokenBytes.Of(_parts.Model.TokenOf(id), _parts.Decoder)
        : added.IsSpecial ? []
        : Encoding.UTF8.GetBytes(added.Content);

    /// <summary>The text that the tokens spell; special tokens are left out. Bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (!_addedById.TryGetValue(id, out var added))
            {
                tokens.Add(_parts.Model.TokenOf(id));
            }
            else if (!added.IsSpecial)
            {
                tokens.Add(added.Content);
            }
        }

        return string.Concat(_parts.Decoder.Decode(tokens));
    }

    int ITextTokenizer.Count(ReadOnlySpan<char> text) => Count(text);

    TokenizedText ITextTokenizer.Tokenize(ReadOnlySpan<char> text) => Tokenize(text);

    EncodedText ITextTokenizer.Encode(ReadOnlySpan<char> text, int maxTokens) => Encode(text, maxTokens);

    private void Split(ReadOnlySpan<char> text, SpecialTokens special, Work work)
    {
        (special == SpecialTokens.Recognized ? _rawRecognized : _rawAsText).Split(text, work.Parts);
        foreach (var (range, token) in work.Parts)
        {
            var (from, length) = range.GetOffsetAndLength(text.Length);
            if (token is not null)
            {
                work.Tokens.Add(new Token(token.Id, from, from + length));
            }
            else
            {
                AddText(AlignedText.Of(text[range], from, work.Buffer(length)), work);
            }
        }
    }

    private void AddText(AlignedText text, Work work)
    {
        var normalized = _parts.Normalizer?.Normalize(text) ?? text;
        _normalized.Split(normalized.Characters, work.NormalizedParts);
        foreach (var (range, token) in work.NormalizedParts)
        {
            var part = normalized.Slice(range);
            if (token is not null)
            {
                work.Tokens.Add(new Token(token.Id, part.StartOf(0), part.EndOf(part.Length - 1)));
                continue;
            }

            if (_parts.PreTokenizer is null)
            {
                _parts.Words.Spell(part, work.Tokens);
                continue;
            }

            work.Words.Clear();
            _parts.PreTokenizer.Split(part, work.Words);
            foreach (var word in work.Words)
            {
                _parts.Words.Spell(word, work.Tokens);
            }
        }
    }

    private Work Begin() => Interlocked.Exchange(ref _free, null) ?? new Work(this);

    /// <summary>What one text at a time needs on its way, kept for the next.</summary>
    private sealed class Work(JsonTokenizer owner) : IDisposable
    {
        /// <summary>What a longer text took is not kept.</summary>
        private const int MaxKeptCharacters = 1 << 16;

        private char[] _buffer = [];

        public List<(Range Range, AddedToken? Token)> Parts { get; } = [];

        public List<(Range Range, AddedToken? Token)> NormalizedParts { get; } = [];

        public List<AlignedText> Words { get; } = [];

        public List<Token> Tokens { get; } = [];

        public char[] Buffer(int characters)
        {
            if (_buffer.Length <= characters)
            {
                _buffer = new char[characters + 1];
            }

            return _buffer;
        }

        public void Dispose()
        {
            Tokens.Clear();
            Words.Clear();
            if (_buffer.Length <= MaxKeptCharacters)
            {
                owner._free = this;
            }
        }
    }
}
