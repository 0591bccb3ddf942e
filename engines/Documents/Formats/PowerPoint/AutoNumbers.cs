using System.Globalization;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>Numbers of a shape's paragraphs (buAutoNum, ECMA-376 part 1, 20.1.10.61), counted level by level.</summary>
internal sealed class AutoNumbers
{
    private readonly int[] _counts = new int[BulletStyles.Levels];

    /// <param name="numbering">A buAutoNum, or null for a paragraph without a number.</param>
    /// <param name="level">From 0.</param>
    /// <returns>Such as "3." or "(b)"; "-" without a number.</returns>
    public string Next(XElement? numbering, int level)
    {
        Array.Clear(_counts, level + 1, _counts.Length - level - 1);
        if (numbering is null)
        {
            _counts[level] = 0;
            return "-";
        }

        var start = int.TryParse(numbering.Value("startAt"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 1;
        var number = unchecked(start + _counts[level]++);
        var type = numbering.Value("type") ?? "arabicPeriod";
        var text = NumberText.Of(number, type switch
        {
            _ when type.StartsWith("alphaLc", StringComparison.Ordinal) => "lowerLetter",
            _ when type.StartsWith("alphaUc", StringComparison.Ordinal) => "upperLetter",
            _ when type.StartsWith("romanLc", StringComparison.Ordinal) => "lowerRoman",
            _ when type.StartsWith("romanUc", StringComparison.Ordinal) => "upperRoman",
            _ => "decimal",
        });
        return type switch
        {
            _ when type.EndsWith("ParenBoth", StringComparison.Ordinal) => $"({text})",
            _ when type.EndsWith("ParenR", StringComparison.Ordinal) => $"{text})",
            _ when type.EndsWith("Minus", StringComparison.Ordinal) => $"{text} -",
            _ => $"{text}.",
        };
    }
}
