using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using RagPlatform.Tokenization.Json.Models;
using RagPlatform.Tokenization.Json.PreTokenizers;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json;

/// <summary>
/// Spells words in a model's vocabulary and remembers how: words repeat, and what one is made of never changes.
/// Thread-safe: an entry is written whole, and what is lost by two at once is only found again.
/// </summary>
/// <param name="model">Spells the words that are not remembered.</param>
/// <param name="spellsBytes">The model is shown a word's UTF-8 bytes in <see cref="ByteAlphabet"/>.</param>
internal sealed class WordSpeller(ITokenModel model, bool spellsBytes)
{
    /// <summary>With the longest words and pieces the most that all can take is some 60 MB.</summary>
    private const int MaxRememberedWords = 1 << 16;

    private const int MaxRememberedCharacters = 64;

    // A power of 2.
    private readonly Known?[] _known = new Known?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(model.TokenCount, 1024, MaxRememberedWords))];

    public void Spell(AlignedText word, List<Token> tokens)
    {
        for (var start = 0; start < word.Length;)
        {
            var rest = word.Slice(start, word.Length - start);
            var part = spellsBytes ? rest : rest.Slice(0, model.IndependentLength(rest.Characters));
            foreach (var piece in PiecesOf(part.Characters))
            {
                tokens.Add(new Token(piece.Id, part.StartOf(piece.Start), part.EndOf(piece.End - 1)));
            }

            start += part.Length;
        }
    }

    private Piece[] PiecesOf(ReadOnlySpan<char> word)
    {
        if (word.Length > MaxRememberedCharacters)
        {
            return Pieces(word);
        }

        var hash = Hash(word);
        ref var slot = ref _known[hash & (uint)(_known.Length - 1)];
        if (slot is { } known && known.Hash == hash && word.SequenceEqual(known.Word))
        {
            return known.Pieces;
        }

        var pieces = Pieces(word);
        slot = new Known(hash, word.ToString(), pieces);
        return pieces;
    }

    private Piece[] Pieces(ReadOnlySpan<char> word)
    {
        var pieces = new List<Piece>();
        if (!spellsBytes)
        {
            model.Spell(word, pieces);
            return [.. pieces];
        }

        SpellBytes(word, pieces);
        return [.. pieces];
    }

    private void SpellBytes(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        // A UTF-16 unit becomes at most three bytes.
        var most = 3 * word.Length;
        var isShort = word.Length <= MaxRememberedCharacters;
        Span<char> characters = isShort ? stackalloc char[3 * MaxRememberedCharacters] : new char[most];
        // Where the character that a byte belongs to is in the word.
        Span<int> starts = isShort ? stackalloc int[3 * MaxRememberedCharacters] : new int[most];
        Span<int> ends = isShort ? stackalloc int[3 * MaxRememberedCharacters] : new int[most];
        Span<byte> buffer = stackalloc byte[4];
        var count = 0;
        for (var at = 0; at < word.Length;)
        {
            Rune.DecodeFromUtf16(word[at..], out var rune, out var width);
            foreach (var value in buffer[..rune.EncodeToUtf8(buffer)])
            {
                (characters[count], starts[count], ends[count]) = (ByteAlphabet.Of(value), at, at + width);
                count++;
            }

            at += width;
        }

        model.Spell(characters[..count], pieces);
        foreach (ref var piece in CollectionsMarshal.AsSpan(pieces))
        {
            piece = new Piece(piece.Id, starts[piece.Start], ends[piece.End - 1]);
        }
    }

    /// <summary>FNV-1a. Words that share a slot only take it from each other, so nobody gains by finding some.</summary>
    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var unit in word)
        {
            hash = (hash ^ unit) * 16777619;
        }

        return hash ^ (hash >> 16);
    }

    private sealed record Known(uint Hash, string Word, Piece[] Pieces);
}
