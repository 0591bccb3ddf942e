using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Tells by a file's first line that it is something else than JSON Lines, to say it once instead of on every line.</summary>
internal static class FileSignature
{
    private const string OnePerLine = "Write one example per line as a JSON object on that line, without brackets around or commas between them.";

    public static LineProblem? Judge(ReadOnlySpan<byte> firstLine)
    {
        var text = firstLine.Trim(" \t\r"u8);
        if (text.StartsWith("["u8))
        {
            return new LineProblem(FindingCode.NotJsonLines, "The file is a JSON array, not JSON Lines.", OnePerLine);
        }

        if (text.StartsWith("{"u8) && (text.EndsWith("{"u8) || text.EndsWith("["u8)))
        {
            return new LineProblem(FindingCode.NotJsonLines, "The file is JSON over several lines, not JSON Lines.", OnePerLine);
        }

        if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return new LineProblem(FindingCode.NotUtf8, "The file is UTF-16.", "Save it as UTF-8.");
        }

        if (text.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || text.StartsWith("PK\u0003\u0004"u8))
        {
            return new LineProblem(FindingCode.NotJsonLines, "The file is compressed.", "Unpack it first.");
        }

        return text.StartsWith("PAR1"u8)
            ? new LineProblem(FindingCode.NotJsonLines, "The file is Parquet, not JSON Lines.", "Convert it: one JSON object per line.")
            : null;
    }
}
