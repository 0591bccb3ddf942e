using System.Globalization;
using System.Text;

namespace RagPlatform.Tokenization.WordPiece;

/// <summary>
/// What BERT's basic tokenizer does with a character
/// (google-research/bert tokenization.py; Hugging Face tokenizers BertNormalizer, BertPreTokenizer).
/// </summary>
internal enum CharacterClass
{
    /// <summary>Part of a word.</summary>
    Letter,

    /// <summary>Ends a word.</summary>
    Space,

    /// <summary>A word of its own: punctuation, or a CJK ideograph.</summary>
    Alone,

    /// <summary>A combining mark: dropped when accents are stripped, part of a word otherwise.</summary>
    Mark,

    /// <summary>Dropped without ending a word: controls, format characters, lone surrogates, U+FFFD.</summary>
    Dropped,
}

internal static class CharacterClasses
{
    /// <param name="rune">The character.</param>
    /// <param name="decomposed">The text is read in its canonical decomposition.</param>
    public static CharacterClass Of(Rune rune, bool decomposed)
    {
        if (rune.IsAscii)
        {
            return OfAscii((char)rune.Value);
        }
        if (IsIdeograph(rune.Value) || (decomposed && IsComposedPunctuation(rune.Value)))
        {
            return CharacterClass.Alone;
        }
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark => CharacterClass.Mark,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator => CharacterClass.Space,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation => CharacterClass.Alone,
            UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => CharacterClass.Dropped,
            _ => rune == Rune.ReplacementChar ? CharacterClass.Dropped : CharacterClass.Letter,
        };
    }

    private static CharacterClass OfAscii(char character) => character switch
    {
        '\t' or '\n' or '\r' or ' ' => CharacterClass.Space,
        < ' ' or '\x7f' => CharacterClass.Dropped,
        // Every printable ASCII symbol counts as punctuation, also those Unicode files elsewhere ($ + < = > ^ ` | ~).
        _ => char.IsAsciiLetterOrDigit(character) ? CharacterClass.Letter : CharacterClass.Alone,
    };

    /// <summary>Greek varia, ≠, ≮, ≯: symbols that decompose to ASCII punctuation. There are no others.</summary>
    private static bool IsComposedPunctuation(int codePoint) => codePoint is 0x1FEF or 0x2260 or 0x226E or 0x226F;

    public static bool IsIdeograph(int codePoint) => codePoint
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B820 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
