using System.Text;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>
/// Finds how bytes are to be read: a byte order mark, else what the document declares, else UTF-8 where they are valid, else
/// UTF-16 where every other byte is zero, else the legacy encoding that makes words of them.
/// </summary>
internal static class EncodingDetector
{
    /// <summary>Of a content that only guessing can tell.</summary>
    private const int SampledBytes = 64 * 1024;

    /// <param name="content">The bytes.</param>
    /// <param name="charset">What is declared; null when nothing is.</param>
    /// <returns>Null when they are text in no encoding that is known here.</returns>
    public static DetectedEncoding? Detect(ReadOnlySpan<byte> content, string? charset)
    {
        if (OfMark(content) is { } marked)
        {
            return marked;
        }

        if (charset is not null && NamedEncodings.Find(charset) is { } declared)
        {
            return declared;
        }

        return Utf8.IsValid(content) && !content.Contains((byte)0) ? DetectedEncoding.Utf8 : Guess(content);
    }

    private static DetectedEncoding? OfMark(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => DetectedEncoding.Utf8 with { MarkBytes = 3 },
        [0xFF, 0xFE, 0, 0, ..] => new DetectedEncoding(new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true), "utf-32le", 4),
        [0, 0, 0xFE, 0xFF, ..] => new DetectedEncoding(new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true), "utf-32be", 4),
        [0xFF, 0xFE, ..] => NamedEncodings.Find("utf-16le")! with { MarkBytes = 2 },
        [0xFE, 0xFF, ..] => NamedEncodings.Find("utf-16be")! with { MarkBytes = 2 },
        _ => null,
    };

    private static DetectedEncoding? Guess(ReadOnlySpan<byte> content)
    {
        if (content.Contains((byte)0))
        {
            return GuessUtf16(content) is { } name ? NamedEncodings.Find(name)! with { IsGuessed = true } : null;
        }

        if (IsMostlyUtf8(content))
        {
            return null;
        }

        var sample = Sample(content);
        return (EastAsianEncodings.Guess(sample) ?? SingleByteEncodings.Guess(sample)) is { } guessed ? guessed with { IsGuessed = true } : null;
    }

    /// <summary>Text of Latin letters has its zeros in every other byte.</summary>
    private static string? GuessUtf16(ReadOnlySpan<byte> content)
    {
        Span<int> zeros = stackalloc int[2];
        zeros.Clear();
        var sampled = Math.Min(content.Length, SampledBytes) & ~1;
        for (var i = 0; i < sampled; i++)
        {
            zeros[i & 1] += content[i] == 0 ? 1 : 0;
        }

        return content.Length % 2 != 0 || sampled < 4 ? null
            : zeros[1] > sampled / 20 && zeros[0] < zeros[1] / 20 ? "utf-16le"
            : zeros[0] > sampled / 20 && zeros[1] < zeros[0] / 20 ? "utf-16be"
            : null;
    }

    /// <summary>Damaged, or cut within a character: to read it otherwise would make two wrong letters of each right one.</summary>
    private static bool IsMostlyUtf8(ReadOnlySpan<byte> content)
    {
        var (valid, invalid) = (0, 0);
        for (var rest = content; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out _, out var bytes);
            if (status == System.Buffers.OperationStatus.Done)
            {
                valid += bytes > 1 ? 1 : 0;
            }
            else if (status == System.Buffers.OperationStatus.NeedMoreData && bytes > 1)
            {
                return true;
            }
            else
            {
                invalid++;
            }

            rest = rest[bytes..];
        }

        return valid > 4 * invalid;
    }

    /// <summary>From the first line with a byte beyond ASCII, whole lines: a table may begin with a long one without.</summary>
    private static ReadOnlySpan<byte> Sample(ReadOnlySpan<byte> content)
    {
        var first = content.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        var start = content.Length <= SampledBytes ? 0 : content[..first].LastIndexOf((byte)'\n') + 1;
        if (content.Length - start <= SampledBytes)
        {
            return content[start..];
        }

        var sample = content.Slice(start, SampledBytes);
        var end = sample.LastIndexOf((byte)'\n');
        return end > 0 ? sample[..end] : sample;
    }
}
