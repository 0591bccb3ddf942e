using System.Globalization;
using System.Text;

namespace RagPlatform.Tokenization.Json.Normalizers;

internal sealed class LowercaseNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.Characters[i..], out var rune, out var width);
            // The one character whose lower case is two, whatever the language (Unicode SpecialCasing).
            ReadOnlySpan<char> lower = rune.Value == 0x130 ? "i\u0307" : units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)];
            builder.Append(lower, text.StartOf(i), text.EndOf(i + width - 1));
            i += width;
        }

        return builder.ToText();
    }
}

/// <summary>Drops combining marks; sensible after a decomposition.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var builder = new AlignedBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.Characters[i..], out var rune, out var width);
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                builder.Append(text.Slice(i, width));
            }

            i += width;
        }

        return builder.ToText();
    }
}
