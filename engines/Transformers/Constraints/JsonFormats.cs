using static RagPlatform.Transformers.Constraints.GrammarNode;
using static RagPlatform.Transformers.Constraints.JsonGrammar;

namespace RagPlatform.Transformers.Constraints;

/// <summary>The strings of JSON Schema's "format" that are held to; of them, no 29th of February and no leap second.</summary>
internal static class JsonFormats
{
    private static readonly GrammarNode Date = Sequence(
        Times(4, Digit), Literal("-"), Choice(
            Sequence(Between(1, 12), Literal("-"), Between(1, 28)),
            Sequence(Choice(Literal("01"), Between(3, 12)), Literal("-"), Between(29, 30)),
            Sequence(LiteralChoice.Of(["01", "03", "05", "07", "08", "10", "12"]), Literal("-31"))));

    private static readonly GrammarNode Time = Sequence(
        Between(0, 23), Literal(":"), Between(0, 59), Literal(":"), Between(0, 59), Optional(Sequence(Literal("."), Repeat(Digit, 1, 9))),
        Choice(Literal("Z"), Sequence(Byte(ByteSet.AnyOf("+-"u8)), Between(0, 23), Literal(":"), Between(0, 59))));

    private static readonly GrammarNode Uuid = Sequence(
        Times(8, HexDigit), Literal("-"), Times(4, HexDigit), Literal("-"), Times(4, HexDigit), Literal("-"), Times(4, HexDigit), Literal("-"), Times(12, HexDigit));

    /// <summary>The string with its quotes; null for a format that is only a remark.</summary>
    public static GrammarNode? Find(string format) => format switch
    {
        "date" => Quoted(Date),
        "time" => Quoted(Time),
        "date-time" => Quoted(Sequence(Date, Literal("T"), Time)),
        "uuid" => Quoted(Uuid),
        _ => null,
    };

    private static GrammarNode Quoted(GrammarNode text) => Sequence(Literal("\""), text, Literal("\""));

    private static GrammarNode Times(int count, GrammarNode node) => Repeat(node, count, count);

    /// <summary>Two digits.</summary>
    private static GrammarNode Between(int first, int last) => LiteralChoice.Of(Enumerable.Range(first, last - first + 1).Select(number => $"{number:00}"));
}
