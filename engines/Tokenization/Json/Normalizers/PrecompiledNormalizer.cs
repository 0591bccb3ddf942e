using System.Globalization;
using System.Text;

namespace RagPlatform.Tokenization.Json.Normalizers;

/// <summary>
/// SentencePiece's normalisation, NFKC with changes of its own, as Hugging Face tokenizers applies it: short user-perceived
/// characters are looked up whole, what is not found character by character. Whatever follows a key inside such a short one
/// goes with it ("ﬁ" with an accent becomes "fi"): models were trained on that.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    /// <summary>In UTF-8; longer ones are not looked up whole.</summary>
    private const int MaxWholeBytes = 5;

    public AlignedText Normalize(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        var characters = text.Characters;
        Span<byte> bytes = stackalloc byte[4 * MaxWholeBytes];
        for (var at = 0; at < characters.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(characters[at..]);
            // A character has at least one byte to each of its UTF-16 units.
            var size = length <= MaxWholeBytes ? Encode(characters.Slice(at, length), bytes) : int.MaxValue;
            if (size <= MaxWholeBytes && map.TryFind(bytes[..size], out var replacement))
            {
                Append(builder, replacement, text.StartOf(at), text.EndOf(at + length - 1));
            }
            else
            {
                AppendCharacters(text.Slice(at, length), builder);
            }

            at += length;
        }

        return builder.ToText();
    }

    private void AppendCharacters(AlignedText text, AlignedBuilder builder)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.Characters[at..], out var rune, out var width);
            if (map.TryFind(bytes[..rune.EncodeToUtf8(bytes)], out var replacement))
            {
                Append(builder, replacement, text.StartOf(at), text.EndOf(at + width - 1));
            }
            else
            {
                builder.Append(text.Slice(at, width));
            }

            at += width;
        }
    }

    private static void Append(AlignedBuilder builder, ReadOnlySpan<byte> replacement, int start, int end)
    {
        Span<char> units = stackalloc char[2];
        while (!replacement.IsEmpty)
        {
            Rune.DecodeFromUtf8(replacement, out var rune, out var size);
            builder.Append(units[..rune.EncodeToUtf16(units)], start, end);
            replacement = replacement[size..];
        }
    }

    /// <summary>Lone surrogates as U+FFFD, which the table has too.</summary>
    private static int Encode(ReadOnlySpan<char> characters, Span<byte> bytes)
    {
        var size = 0;
        foreach (var rune in characters.EnumerateRunes())
        {
            size += rune.EncodeToUtf8(bytes[size..]);
        }

        return size;
    }
}
