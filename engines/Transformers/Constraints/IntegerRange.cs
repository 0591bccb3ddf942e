using System.Globalization;
using static RagPlatform.Transformers.Constraints.GrammarNode;

namespace RagPlatform.Transformers.Constraints;

/// <summary>The whole numbers from one to another as a grammar of their digits, whose size grows with the digits, not with the numbers.</summary>
internal static class IntegerRange
{
    /// <summary>15 digits: what a double keeps exactly, and <see cref="JsonGrammar"/> writes.</summary>
    public const long Limit = 999_999_999_999_999;

    /// <param name="least">From -<see cref="Limit"/>.</param>
    /// <param name="most">At least <paramref name="least"/>, at most <see cref="Limit"/>.</param>
    public static GrammarNode Of(long least, long most)
    {
        var ways = new List<GrammarNode>();
        if (least < 0)
        {
            ways.Add(Sequence(Literal("-"), Positive(Math.Max(1, -most), -least)));
        }

        if (most >= 0)
        {
            ways.Add(Positive(Math.Max(0, least), most));
        }

        return Choice(ways);
    }

    private static GrammarNode Positive(long least, long most)
    {
        var ways = new List<GrammarNode>();
        for (var power = 10L; least <= most; power *= 10)
        {
            // Numbers of as many digits.
            if (least < power)
            {
                var last = Math.Min(most, power - 1);
                ways.Add(Between(Digits(least), Digits(last)));
                least = last + 1;
            }
        }

        return Choice(ways);
    }

    /// <summary>Both of the same length.</summary>
    private static GrammarNode Between(string least, string most)
    {
        if (least.Length == 0)
        {
            return Empty;
        }

        var rest = least.Length - 1;
        if (least[0] == most[0])
        {
            return Sequence(Literal(least[..1]), Between(least[1..], most[1..]));
        }

        var ways = new List<GrammarNode>
        {
            Sequence(Literal(least[..1]), Between(least[1..], new string('9', rest))),
            Sequence(Literal(most[..1]), Between(new string('0', rest), most[1..])),
        };
        if (most[0] - least[0] > 1)
        {
            ways.Add(Sequence(Byte(ByteSet.Range((byte)(least[0] + 1), (byte)(most[0] - 1))), Repeat(JsonGrammar.Digit, rest, rest)));
        }

        return Choice(ways);
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
