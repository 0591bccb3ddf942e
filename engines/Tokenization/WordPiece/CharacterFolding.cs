using System.Globalization;
using System.Text;

namespace RagPlatform.Tokenization.WordPiece;

/// <summary>
/// What an uncased model makes of a character: its canonical decomposition without combining marks, lower-cased.
/// Thread-safe. Remembers the characters below U+10000 that it has met (at most 64 Ki short strings), because asking
/// ICU takes longer than all the rest of tokenizing.
/// </summary>
internal sealed class CharacterFolding
{
    private readonly string?[] known = new string?[char.MaxValue + 1];

    /// <summary>Usually one character; empty for a combining mark.</summary>
    public ReadOnlySpan<char> Fold(Rune rune)
    {
        // Two threads may both compute the same answer; either is right, and a reference is written whole.
        return rune.IsBmp ? known[rune.Value] ??= Compute(rune) : Compute(rune);
    }

    private static string Compute(Rune rune)
    {
        // Unassigned code points have no decomposition, and .NET refuses to normalise some of them.
        if (rune.IsAscii || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned)
        {
            return Rune.ToLowerInvariant(rune).ToString();
        }
        var folded = new StringBuilder();
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (CharacterClasses.Of(part, decomposed: true) != CharacterClass.Mark)
            {
                folded.Append(Rune.ToLowerInvariant(part).ToString());
            }
        }
        return folded.ToString();
    }
}
