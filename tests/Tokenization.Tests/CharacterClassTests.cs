using System.Globalization;
using System.Text;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Tests;

/// <summary>What the tokenizer takes for granted about Unicode, checked over all of it.</summary>
public sealed class CharacterClassTests
{
    private static IEnumerable<Rune> AllRunes =>
        Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(codePoint => new Rune(codePoint));

    [Fact]
    public void Of_LettersThatDecompose_NeverBecomePunctuationOrSpace()
    {
        foreach (var rune in AllRunes.Where(rune => CharacterClasses.Of(rune, decomposed: true) == CharacterClass.Letter))
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned)
            {
                continue;
            }
            foreach (var part in rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes())
            {
                CharacterClasses.Of(part, decomposed: true)
                    .ShouldBeOneOf(CharacterClass.Letter, CharacterClass.Mark);
            }
        }
    }

    [Fact]
    public void Tokenize_EveryCodePointInsideAWord_NeitherThrowsNorMisplacesTheNext()
    {
        var tokenizer = Tokenizers.Of("a", "##a");
        foreach (var rune in AllRunes)
        {
            var text = $"a{rune} a";
            tokenizer.Tokenize(text).Starts[^1].ShouldBe(text.Length - 1);
        }
    }
}
