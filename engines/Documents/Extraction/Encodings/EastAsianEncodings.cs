namespace RagPlatform.Documents;

/// <summary>
/// Tells the double-byte encodings apart without their tables: each puts the common characters of its language into the same
/// few rows (JIS X 0208 level 1, GB 2312 level 1, Big5 level 1, KS X 1001's syllables), so a text read rightly stands there.
/// </summary>
internal static class EastAsianEncodings
{
    private const int MinCharacters = 3;
    private const double MinScore = 0.7;

    /// <returns>The likeliest, if its bytes are valid throughout; null when it is none of them.</returns>
    public static DetectedEncoding? Guess(ReadOnlySpan<byte> content)
    {
        (string Name, double Score)[] scores =
        [
            ("shift_jis", ShiftJis(content)), ("euc-jp", EucJp(content)), ("gb18030", Gb(content)), ("big5", Big5(content)), ("ks_c_5601-1987", EucKr(content)),
        ];
        foreach (var (name, _) in scores.Where(entry => entry.Score >= MinScore).OrderByDescending(entry => entry.Score))
        {
            if (NamedEncodings.Find(name) is { } encoding && TextDecoder.IsValid(content, encoding.Encoding))
            {
                return encoding;
            }
        }

        return null;
    }

    private static double ShiftJis(ReadOnlySpan<byte> content)
    {
        var (all, common) = (0, 0);
        for (var i = 0; i < content.Length; i++)
        {
            var lead = content[i];
            if (lead is >= 0xA1 and <= 0xDF)
            {
                all++;
            }
            else if (lead is >= 0x81 and <= 0x9F or >= 0xE0 and <= 0xFC)
            {
                all++;
                var trail = ++i < content.Length ? content[i] : 0;
                common += lead switch { 0x81 or 0x83 => 1, 0x82 => trail >= 0x4F ? 1 : 0, >= 0x88 and <= 0x97 => 1, _ => 0 };
            }
        }

        return Share(common, all);
    }

    private static double EucJp(ReadOnlySpan<byte> content)
    {
        var rows = new Rows(content);
        var kana = rows.Share(0xA4, 0xA5);
        return (rows.Share(0xB0, 0xCF) + kana + rows.Share(0xA1, 0xA3)) * (kana >= 0.1 ? 1 : 0.6);
    }

    private static double Gb(ReadOnlySpan<byte> content)
    {
        var rows = new Rows(content);
        // Korean has nothing in these rows; half of Chinese stands there.
        return (rows.Share(0xB0, 0xD7) + rows.Share(0xA1, 0xA3)) * (rows.Share(0xC9, 0xD7) >= 0.03 ? 1 : 0.9);
    }

    private static double EucKr(ReadOnlySpan<byte> content)
    {
        var rows = new Rows(content);
        return rows.Share(0xB0, 0xC8) + rows.Share(0xA1, 0xA3);
    }

    private static double Big5(ReadOnlySpan<byte> content)
    {
        var (all, common, low) = (0, 0, 0);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] >= 0x81)
            {
                all++;
                common += content[i] is >= 0xA4 and <= 0xC6 or 0xA1 ? 1 : 0;
                low += ++i < content.Length && content[i] < 0x80 ? 1 : 0;
            }
        }

        return Share(common, all) * (low > 0.15 * all ? 1 : 0.7);
    }

    private static double Share(int part, int all) => all < MinCharacters ? 0 : part / (double)all;

    /// <summary>Counts of two-byte characters by their first byte, in encodings where both are A1 to FE.</summary>
    private readonly struct Rows
    {
        private readonly int[] _counts = new int[256];
        private readonly int _all;

        public Rows(ReadOnlySpan<byte> content)
        {
            for (var i = 0; i < content.Length; i++)
            {
                if (content[i] >= 0x80)
                {
                    _all++;
                    _counts[i + 1 < content.Length && content[i + 1] >= 0xA1 ? content[i] : 0]++;
                    i++;
                }
            }
        }

        public double Share(int first, int last)
        {
            var part = 0;
            for (var row = first; row <= last; row++)
            {
                part += _counts[row];
            }

            return EastAsianEncodings.Share(part, _all);
        }
    }
}
