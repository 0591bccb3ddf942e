using System.Globalization;
using System.Text;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>A curve in a few lines of a terminal: each character cell has 2 x 4 dots (Unicode's Braille patterns).</summary>
internal static class LossCurve
{
    private const int DotsAcross = 2;
    private const int DotsDown = 4;

    /// <summary>The bit of each dot of a cell, by column, then row.</summary>
    private static readonly int[,] Bits = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <param name="points">By step; those that share a column of dots are averaged.</param>
    /// <param name="width">In characters, labels excluded.</param>
    /// <param name="height">In lines.</param>
    /// <returns>One line each, the highest value first; none without two points.</returns>
    public static IReadOnlyList<string> Draw(IReadOnlyList<(long Step, double Value)> points, int width, int height)
    {
        if (points.Count < 2)
        {
            return [];
        }

        var means = Columns(points, width * DotsAcross);
        var (low, high) = (means.Where(double.IsFinite).Min(), means.Where(double.IsFinite).Max());
        var cells = new int[height, width];
        var rows = (height * DotsDown) - 1;
        for (var column = 0; column < means.Length; column++)
        {
            if (double.IsFinite(means[column]))
            {
                var row = high > low ? (int)Math.Round(rows * (high - means[column]) / (high - low)) : rows;
                cells[row / DotsDown, column / DotsAcross] |= Bits[column % DotsAcross, row % DotsDown];
            }
        }

        return [.. Enumerable.Range(0, height).Select(line => Line(cells, line, width, line == 0 ? high : line == height - 1 ? low : null))];
    }

    /// <summary>The mean of each column of dots; not a number where it has no point.</summary>
    private static double[] Columns(IReadOnlyList<(long Step, double Value)> points, int count)
    {
        var (first, last) = (points[0].Step, points[^1].Step);
        var (sums, counts) = (new double[count], new int[count]);
        foreach (var (step, value) in points)
        {
            var column = (int)((step - first) * (count - 1) / Math.Max(1, last - first));
            sums[column] += value;
            counts[column]++;
        }

        return [.. sums.Zip(counts, (sum, number) => number == 0 ? double.NaN : sum / number)];
    }

    private static string Line(int[,] cells, int line, int width, double? label)
    {
        var text = new StringBuilder(label is { } value ? value.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(8) : new string(' ', 8)).Append(' ');
        for (var cell = 0; cell < width; cell++)
        {
            text.Append((char)(0x2800 + cells[line, cell]));
        }

        return text.ToString();
    }
}
