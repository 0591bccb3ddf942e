using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// A stored number as its format shows it (ECMA-376 part 1, 18.8.31). Dates are written the ISO way, because what a person sees
/// of them depends on the country of the machine that shows it.
/// </summary>
internal static class CellNumber
{
    /// <summary>Of cells that have none: nearly all.</summary>
    public const string GeneralFormat = "General";

    /// <summary>Excel's own limit; longer ones are not Excel's.</summary>
    private const int MaxFormatCharacters = 255;

    /// <param name="value">As stored: an invariant floating-point number.</param>
    /// <param name="format">A format code such as "0.00%".</param>
    /// <param name="is1904">Days are counted from 1904.</param>
    public static string Show(string value, string format, bool is1904)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return value;
        }

        if (format == GeneralFormat || format.Length > MaxFormatCharacters)
        {
            return General(number);
        }

        var code = NumberFormatCode.Parse(format, number);
        return code.IsGeneral ? General(number)
            : code.IsDate ? CellDate.Show(number, code.Pattern, is1904) ?? General(number)
            : code.IsText ? General(number)
            : Formatted(number, code);
    }

    /// <summary>With 15 digits, as Excel counts, and without an exponent as far as a person would write none.</summary>
    public static string General(double number) => Math.Abs(number) is 0 or (>= 1e-9 and < 1e21)
        ? ((decimal)number).ToString("0.####################", CultureInfo.InvariantCulture)
        : number.ToString("G15", CultureInfo.InvariantCulture);

    private static string Formatted(double number, NumberFormatCode code)
    {
        number /= Math.Pow(1000, code.Thousands);
        try
        {
            // A section for negative numbers brings its own sign.
            return (code.IsForNegative ? Math.Abs(number) : number).ToString(code.Pattern, CultureInfo.InvariantCulture).Trim();
        }
        catch (FormatException)
        {
            return General(number);
        }
    }
}
