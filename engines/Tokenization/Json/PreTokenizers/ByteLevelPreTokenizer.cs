using System.Text;

namespace RagPlatform.Tokenization.Json.PreTokenizers;

/// <summary>GPT-2's byte-level alphabet: every byte of the UTF-8 form is one printable character (Radford et al., 2019).</summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharacterOfByte = Build();

    private static readonly Dictionary<char, byte> ByteOfCharacter = Enumerable.Range(0, 256).ToDictionary(value => CharacterOfByte[value], value => (byte)value);

    public static char Of(byte value) => CharacterOfByte[value];

    public static bool TryGetByte(char character, out byte value) => ByteOfCharacter.TryGetValue(character, out value);

    /// <summary>Printable bytes stand for themselves, the others for the characters from U+0100 on, in their order.</summary>
    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(isPrintable ? value : next++);
        }

        return characters;
    }
}

/// <summary>Splits as GPT-2 does, where asked. The words are yet to be spelled in <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool split) : IPreTokenizer
{
    private static readonly TextPattern Gpt2 = TextPattern.Expression(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public void Split(AlignedText text, List<AlignedText> words)
    {
        if (addPrefixSpace && text.Length > 0 && text.Characters[0] != ' ')
        {
            text = text.WithPrefix(" ");
        }

        if (!split)
        {
            words.Add(text);
            return;
        }

        foreach (var (range, _) in Gpt2.Split(text.Characters))
        {
            words.Add(text.Slice(range));
        }
    }
}

/// <summary>Spells every word in <see cref="ByteAlphabet"/>, where more steps follow that are to see that.</summary>
internal sealed class ByteSpellingPreTokenizer : IPreTokenizer
{
    public void Split(AlignedText text, List<AlignedText> words)
    {
        var spelled = new AlignedBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        Span<char> characters = stackalloc char[4];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.Characters[i..], out var rune, out var width);
            var count = rune.EncodeToUtf8(bytes);
            for (var b = 0; b < count; b++)
            {
                characters[b] = ByteAlphabet.Of(bytes[b]);
            }

            spelled.Append(characters[..count], text.StartOf(i), text.EndOf(i + width - 1));
            i += width;
        }

        words.Add(spelled.ToText());
    }
}
