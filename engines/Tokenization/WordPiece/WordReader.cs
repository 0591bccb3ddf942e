using System.Text;

namespace RagPlatform.Tokenization.WordPiece;

/// <summary>
/// Splits a text into BERT's words, one at a time: drops controls, sets CJK ideographs and punctuation apart,
/// and, where asked, strips accents (canonical decomposition without its marks) and lower-cases.
/// Linear time; holds one word of at most <see cref="MaxWordRunes"/> characters however long the text's words are.
/// </summary>
internal ref struct WordReader
{
    /// <summary>Longer words are unknown as a whole, as in the original.</summary>
    public const int MaxWordRunes = 100;

    /// <summary>UTF-16 length of the longest word held.</summary>
    public const int MaxWordChars = 2 * MaxWordRunes;

    private readonly ReadOnlySpan<char> text;
    private readonly CharacterFolding? folding;
    private readonly Span<char> word;
    private readonly Span<int> starts;
    private readonly Span<int> ends;
    private int position;
    private int length;
    private int runes;

    /// <param name="text">The text to read.</param>
    /// <param name="folding">Lower-cases and strips accents; null keeps both.</param>
    /// <param name="word">Room for <see cref="MaxWordChars"/> characters.</param>
    /// <param name="starts">Room for as many offsets.</param>
    /// <param name="ends">Room for as many offsets.</param>
    public WordReader(ReadOnlySpan<char> text, CharacterFolding? folding, Span<char> word, Span<int> starts, Span<int> ends)
    {
        this.text = text;
        this.folding = folding;
        this.word = word;
        this.starts = starts;
        this.ends = ends;
    }

    /// <summary>The word as it is to be looked up. Empty when <see cref="IsTooLong"/>.</summary>
    public readonly ReadOnlySpan<char> Word => IsTooLong ? [] : word[..length];

    /// <summary>More than <see cref="MaxWordRunes"/> characters.</summary>
    public readonly bool IsTooLong => runes > MaxWordRunes;

    /// <summary>UTF-16 index in the text of the word's first character.</summary>
    public int Start { get; private set; }

    /// <summary>UTF-16 index in the text after the word's last character.</summary>
    public int End { get; private set; }

    /// <summary>UTF-16 index in the text of the character that gave <see cref="Word"/>[index].</summary>
    public readonly int StartOf(int index) => starts[index];

    /// <summary>UTF-16 index in the text after the character that gave <see cref="Word"/>[index].</summary>
    public readonly int EndOf(int index) => ends[index];

    /// <summary>Moves to the next word; false at the end of the text.</summary>
    public bool Read()
    {
        length = runes = 0;
        while (position < text.Length)
        {
            // A lone surrogate reads as U+FFFD and is dropped like it.
            Rune.DecodeFromUtf16(text[position..], out var rune, out var width);
            switch (CharacterClasses.Of(rune, decomposed: folding is not null))
            {
                case CharacterClass.Space when runes > 0:
                case CharacterClass.Alone when runes > 0:
                    return true;
                case CharacterClass.Alone:
                    Append(rune, width);
                    position += width;
                    return true;
                case CharacterClass.Letter:
                case CharacterClass.Mark when folding is null:
                    Append(rune, width);
                    break;
                case CharacterClass.Mark when runes > 0:
                    ExtendLast(position + width);
                    break;
            }
            position += width;
        }
        return runes > 0;
    }

    private void Append(Rune rune, int width)
    {
        if (folding is null)
        {
            Put(rune, width);
            return;
        }
        foreach (var part in folding.Fold(rune).EnumerateRunes())
        {
            Put(part, width);
        }
    }

    private void Put(Rune rune, int width)
    {
        if (runes == 0)
        {
            Start = position;
        }
        End = position + width;
        if (++runes > MaxWordRunes)
        {
            return;
        }
        var written = rune.EncodeToUtf16(word[length..]);
        starts.Slice(length, written).Fill(position);
        ends.Slice(length, written).Fill(End);
        length += written;
    }

    /// <summary>A dropped mark belongs to the character before it, so that no span separates the two.</summary>
    private void ExtendLast(int end)
    {
        End = end;
        if (!IsTooLong)
        {
            ends[length - 1] = end;
        }
    }
}
