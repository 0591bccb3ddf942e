using System.Text;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Models;

/// <param name="Unknown">Id for what cannot be spelled; null: it is left out.</param>
/// <param name="Bytes">Ids of the 256 byte tokens, to spell unknown characters with where all of a character's are there; null: not done.</param>
/// <param name="FuseUnknown">Neighbouring unknown characters are one token.</param>
/// <param name="IgnoreMerges">A word that is in the vocabulary as it is needs no merges.</param>
/// <param name="InnerPrefix">Before every symbol but a word's first, e.g. "##".</param>
/// <param name="WordSuffix">After a word's last symbol, e.g. "&lt;/w&gt;".</param>
/// <param name="Special">Ids of tokens that no text becomes.</param>
internal sealed record BpeOptions(int? Unknown, int?[]? Bytes, bool FuseUnknown, bool IgnoreMerges, string InnerPrefix, string WordSuffix, IReadOnlySet<int> Special);

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): characters, joined pair by pair in the order in which the
/// pairs were learned. O(n log n) in a word's length. Thread-safe.
/// </summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly TokenVocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly MergeBounds? _bounds;

    public BpeModel(TokenVocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        (_vocabulary, _merges, _options) = (vocabulary, merges, options);
        // Only where every character becomes symbols, and these are its own text or bytes that never join.
        var isCuttable = options is { Bytes: not null, IgnoreMerges: false, InnerPrefix: "", WordSuffix: "" }
            && Enumerable.Range(0, 256).All(value => options.Bytes[value] is { } id ? !merges.Joins(id) : value < 0x80 && vocabulary.TryGetId([(char)value], out _));
        _bounds = isCuttable ? new MergeBounds(merges.Made.Select(vocabulary.TokenOf), merges.Count) : null;
    }

    public int VocabularySize => _vocabulary.Size;

    public int TokenCount => _vocabulary.Count;

    public bool TryGetId(string token, out int id) => _vocabulary.TryGetId(token, out id);

    public string TokenOf(int id) => _vocabulary.TokenOf(id);

    public int IndependentLength(ReadOnlySpan<char> word) => _bounds?.IndependentLength(word) ?? word.Length;

    public void Spell(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        if (_options.IgnoreMerges && _vocabulary.TryGetId(word, out var whole) && !_options.Special.Contains(whole))
        {
            pieces.Add(new Piece(whole, 0, word.Length));
            return;
        }

        var symbols = new SymbolChain(word.Length);
        AddSymbols(word, symbols);
        symbols.Merge(_merges, pieces);
    }

    private void AddSymbols(ReadOnlySpan<char> word, SymbolChain symbols)
    {
        var lastWasUnknown = false;
        for (var i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out var rune, out var width);
            if (TryGetSymbol(word, i, width, out var id))
            {
                symbols.Add(id, i, i + width);
                lastWasUnknown = false;
            }
            else if (_options.Bytes is { } ids && TryAddBytes(rune, i, i + width, ids, symbols))
            {
                lastWasUnknown = false;
            }
            else if (lastWasUnknown && _options.FuseUnknown)
            {
                symbols.ExtendLast(i + width);
            }
            else if (_options.Unknown is { } unknown)
            {
                symbols.Add(unknown, i, i + width);
                lastWasUnknown = true;
            }
            else
            {
                symbols.Skip(i, i + width);
            }

            i += width;
        }
    }

    private bool TryGetSymbol(ReadOnlySpan<char> word, int at, int width, out int id)
    {
        var symbol = word.Slice(at, width);
        var prefix = at > 0 ? _options.InnerPrefix : "";
        var suffix = at + width == word.Length ? _options.WordSuffix : "";
        return prefix.Length + suffix.Length == 0
            ? _vocabulary.TryGetId(symbol, out id)
            : _vocabulary.TryGetId($"{prefix}{symbol}{suffix}", out id);
    }

    /// <summary>Every byte stands for the whole character.</summary>
    private static bool TryAddBytes(Rune rune, int start, int end, int?[] ids, SymbolChain symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
        {
            if (ids[value] is null)
            {
                return false;
            }
        }

        foreach (var value in bytes)
        {
            symbols.Add(ids[value]!.Value, start, end);
        }

        return true;
    }
}
