using System.Text;
using RagPlatform.Tokenization.WordPiece;

namespace RagPlatform.Tokenization.Json.Normalizers;

/// <summary>BERT's: controls dropped, white space made spaces, ideographs set apart, accents stripped, letters lower-cased, each where asked.</summary>
internal sealed class BertNormalizer(bool cleanText, bool separateIdeographs, bool stripAccents, bool lowercase) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var cleaned = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.Characters[i..], out var rune, out var width);
            Add(cleaned, text.Slice(i, width), rune);
            i += width;
        }

        var result = cleaned.ToText();
        result = stripAccents ? new StripAccentsNormalizer().Normalize(new UnicodeNormalizer(NormalizationForm.FormD).Normalize(result)) : result;
        return lowercase ? new LowercaseNormalizer().Normalize(result) : result;
    }

    private void Add(AlignedBuilder cleaned, AlignedText character, Rune rune)
    {
        var kind = CharacterClasses.Of(rune, decomposed: false);
        if (cleanText && kind == CharacterClass.Dropped)
        {
            return;
        }

        var (start, end) = (character.StartOf(0), character.EndOf(character.Length - 1));
        if (cleanText && kind == CharacterClass.Space)
        {
            cleaned.Append(" ", start, end);
        }
        else if (separateIdeographs && CharacterClasses.IsIdeograph(rune.Value))
        {
            cleaned.Append(" ", start, start);
            cleaned.Append(character);
            cleaned.Append(" ", end, end);
        }
        else
        {
            cleaned.Append(character);
        }
    }
}
