using System.Collections.Concurrent;
using System.Text;

namespace RagPlatform.Tokenization.Json.Models;

/// <param name="Unknown">Id for what cannot be spelled; null: it is left out.</param>
/// <param name="Bytes">Ids of the 256 byte tokens, to spell unknown characters with where all of a character's are there; null: not done.</param>
/// <param name="FuseUnknown">Neighbouring unknown characters are one token.</param>
/// <param name="IgnoreMerges">A word that is in the vocabulary as it is needs no merges.</param>
/// <param name="InnerPrefix">Before every symbol but a word's first, e.g. "##".</param>
/// <param name="WordSuffix">After a word's last symbol, e.g. "&lt;/w&gt;".</param>
internal sealed record BpeOptions(int? Unknown, int?[]? Bytes, bool FuseUnknown, bool IgnoreMerges, string InnerPrefix, string WordSuffix);

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): characters, joined pair by pair in the order in which the
/// pairs were learned. O(n log n) in a word's length, which is a whole text's where nothing splits it. Thread-safe.
/// </summary>
internal sealed class BpeModel(TokenVocabulary vocabulary, MergeTable merges, BpeOptions options) : ITokenModel
{
    private const int MaxRememberedWords = 1 << 16;
    private const int MaxRememberedCharacters = 64;

    // Words repeat; what one is made of never changes.
    private readonly ConcurrentDictionary<string, (int Id, int Length)[]> _known = new(StringComparer.Ordinal);

    public int VocabularySize => vocabulary.Size;

    public bool TryGetId(string token, out int id) => vocabulary.TryGetId(token, out id);

    public string TokenOf(int id) => vocabulary.TokenOf(id);

    public void Tokenize(AlignedText word, List<Token> tokens)
    {
        if (word.Length == 0)
        {
            return;
        }

        var start = 0;
        foreach (var (id, length) in Pieces(word.Characters))
        {
            // A byte of a character that a later byte completes stands for that character.
            var last = start + Math.Max(length, 1) - 1;
            tokens.Add(new Token(id, word.StartOf(start), word.EndOf(last)));
            start += length;
        }
    }

    private (int Id, int Length)[] Pieces(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxRememberedCharacters)
        {
            return Spell(word);
        }

        if (!_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var pieces))
        {
            pieces = Spell(word);
            if (_known.Count < MaxRememberedWords)
            {
                _known.TryAdd(word.ToString(), pieces);
            }
        }

        return pieces;
    }

    private (int Id, int Length)[] Spell(ReadOnlySpan<char> word)
    {
        if (options.IgnoreMerges && vocabulary.TryGetId(word, out var whole))
        {
            return [(whole, word.Length)];
        }

        var symbols = new SymbolChain(word.Length);
        AddSymbols(word, symbols);
        symbols.Merge(merges);
        return symbols.ToPieces();
    }

    private void AddSymbols(ReadOnlySpan<char> word, SymbolChain symbols)
    {
        var lastWasUnknown = false;
        for (var i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out var rune, out var width);
            if (TryGetSymbol(word, i, width, out var id))
            {
                symbols.Add(id, width);
                lastWasUnknown = false;
            }
            else if (options.Bytes is not null && TryAddBytes(rune, width, symbols))
            {
                lastWasUnknown = false;
            }
            else if (lastWasUnknown && options.FuseUnknown)
            {
                symbols.ExtendLast(width);
            }
            else if (options.Unknown is { } unknown)
            {
                symbols.Add(unknown, width);
                lastWasUnknown = true;
            }
            else
            {
                symbols.Skip(width);
            }

            i += width;
        }
    }

    private bool TryGetSymbol(ReadOnlySpan<char> word, int at, int width, out int id)
    {
        var symbol = word.Slice(at, width);
        var prefix = at > 0 ? options.InnerPrefix : "";
        var suffix = at + width == word.Length ? options.WordSuffix : "";
        return prefix.Length + suffix.Length == 0
            ? vocabulary.TryGetId(symbol, out id)
            : vocabulary.TryGetId($"{prefix}{symbol}{suffix}", out id);
    }

    /// <summary>The character's width goes to its last byte; the others stand for the same span.</summary>
    private bool TryAddBytes(Rune rune, int width, SymbolChain symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
        {
            if (options.Bytes![value] is null)
            {
                return false;
            }
        }

        for (var b = 0; b < bytes.Length; b++)
        {
            symbols.Add(options.Bytes![bytes[b]]!.Value, b == bytes.Length - 1 ? width : 0);
        }

        return true;
    }
}
