using System.Globalization;
using System.Text;
using System.Text.Unicode;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>What can be said of a line before it is read as JSON.</summary>
internal static class LineJudgement
{
    public static LineProblem? Judge(Line line, TrainingFileLimits limits)
    {
        if (line.IsTooLong)
        {
            return new LineProblem(
                FindingCode.LineTooLong, $"The line is {line.Length:N0} bytes long; a line may have at most {limits.MaxLineBytes:N0}.",
                "Shorten the example or cut it into several; if it is not one example, put one on each line.");
        }

        var bytes = line.Bytes.Span;
        if (!Utf8.IsValid(bytes))
        {
            var position = FirstInvalid(bytes);
            return new LineProblem(
                FindingCode.NotUtf8,
                string.Create(CultureInfo.InvariantCulture, $"Byte {position + 1} of the line (byte {line.Offset + position + 1} of the file, 0x{bytes[position]:X2}) is not UTF-8."),
                "Save the file as UTF-8.");
        }

        var surrogate = LoneSurrogate.Find(bytes);
        return surrogate < 0
            ? null
            : new LineProblem(
                FindingCode.InvalidText, $"The escape at byte {surrogate + 1} of the line is half of a surrogate pair, which is no character.",
                "Write the character whole, or leave it out.");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }
}
