using static RagPlatform.Transformers.Constraints.GrammarNode;

namespace RagPlatform.Transformers.Constraints;

/// <summary>
/// The values of RFC 8259, written without white space but for one optional space after a comma or colon; numbers have
/// at most 15 digits in each part, so that every one is finite and none goes on for ever.
/// </summary>
internal static class JsonGrammar
{
    private const int MaxDigits = 15;

    private static readonly ByteSet Digits = ByteSet.Range((byte)'0', (byte)'9');
    private static readonly ByteSet HexDigits = Digits | ByteSet.Range((byte)'a', (byte)'f') | ByteSet.Range((byte)'A', (byte)'F');

    public static GrammarNode Digit { get; } = Byte(Digits);

    public static GrammarNode HexDigit { get; } = Byte(HexDigits);

    public static GrammarNode Space { get; } = Optional(Literal(" "));

    public static GrammarNode Comma { get; } = Sequence(Literal(","), Space);

    public static GrammarNode Null { get; } = Literal("null");

    public static GrammarNode Boolean { get; } = Choice(Literal("true"), Literal("false"));

    public static GrammarNode Integer { get; } = Sequence(
        Optional(Literal("-")),
        Choice(Literal("0"), Sequence(Byte(ByteSet.Range((byte)'1', (byte)'9')), Repeat(Digit, 0, MaxDigits - 1))));

    public static GrammarNode Number { get; } = Sequence(
        Integer,
        Optional(Sequence(Literal("."), Repeat(Digit, 1, MaxDigits))),
        Optional(Sequence(Byte(ByteSet.AnyOf("eE"u8)), Optional(Byte(ByteSet.AnyOf("+-"u8))), Repeat(Digit, 1, 2))));

    /// <summary>One character inside a string's quotes: UTF-8 (RFC 3629) or an escape.</summary>
    public static GrammarNode Character { get; } = Choice(
        Byte(ByteSet.Range(0x20, 0x7F).Except(ByteSet.AnyOf("\"\\"u8))),
        Sequence(Byte(ByteSet.Range(0xC2, 0xDF)), Continuation()),
        Sequence(Byte(ByteSet.Of(0xE0)), Byte(ByteSet.Range(0xA0, 0xBF)), Continuation()),
        Sequence(Byte(ByteSet.Range(0xE1, 0xEC) | ByteSet.Range(0xEE, 0xEF)), Continuation(), Continuation()),
        Sequence(Byte(ByteSet.Of(0xED)), Byte(ByteSet.Range(0x80, 0x9F)), Continuation()),
        Sequence(Byte(ByteSet.Of(0xF0)), Byte(ByteSet.Range(0x90, 0xBF)), Continuation(), Continuation()),
        Sequence(Byte(ByteSet.Range(0xF1, 0xF3)), Continuation(), Continuation(), Continuation()),
        Sequence(Byte(ByteSet.Of(0xF4)), Byte(ByteSet.Range(0x80, 0x8F)), Continuation(), Continuation()),
        Sequence(Literal("\\"), Byte(ByteSet.AnyOf("\"\\/bfnrt"u8))),
        Sequence(Literal("\\u"), CodeUnitOutsideSurrogates()),
        Sequence(Literal("\\u"), Surrogate("89abAB"u8), Literal("\\u"), Surrogate("cdefCDEF"u8)));

    /// <summary>Anything, nested as deep as the text is long.</summary>
    public static GrammarNode Value { get; } = AnyValue();

    public static GrammarNode AnyObject { get; } = Object(String(), Value, 0, null);

    public static GrammarNode String(int least = 0, int? most = null) => Sequence(Literal("\""), Repeat(Character, least, most), Literal("\""));

    public static GrammarNode Array(GrammarNode item, int least, int? most) => Sequence(Literal("["), List(item, least, most), Literal("]"));

    public static GrammarNode Object(GrammarNode key, GrammarNode value, int least, int? most) =>
        Sequence(Literal("{"), List(Sequence(key, Literal(":"), Space, value), least, most), Literal("}"));

    private static GrammarNode List(GrammarNode item, int least, int? most)
    {
        if (most == 0)
        {
            return Empty;
        }

        var some = Sequence(item, Repeat(Sequence(Comma, item), Math.Max(0, least - 1), most - 1));
        return least == 0 ? Optional(some) : some;
    }

    private static RuleNode AnyValue()
    {
        var value = new RuleNode();
        value.Body = Choice(Null, Boolean, Number, String(), Array(value, 0, null), Object(String(), value, 0, null));
        return value;
    }

    private static GrammarNode Continuation() => Byte(ByteSet.Range(0x80, 0xBF));

    private static GrammarNode CodeUnitOutsideSurrogates() => Choice(
        Sequence(Byte(HexDigits.Except(ByteSet.AnyOf("dD"u8))), HexDigit, HexDigit, HexDigit),
        Sequence(Byte(ByteSet.AnyOf("dD"u8)), Byte(ByteSet.Range((byte)'0', (byte)'7')), HexDigit, HexDigit));

    private static GrammarNode Surrogate(ReadOnlySpan<byte> second) => Sequence(Byte(ByteSet.AnyOf("dD"u8)), Byte(ByteSet.AnyOf(second)), HexDigit, HexDigit);
}
