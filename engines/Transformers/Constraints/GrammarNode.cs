using System.Text;

namespace RagPlatform.Transformers.Constraints;

/// <summary>A set of byte strings, written as a context-free grammar. Compared by reference.</summary>
internal abstract class GrammarNode
{
    private static readonly GrammarNode[] SingleBytes = [.. Enumerable.Range(0, 256).Select(value => new ByteNode(ByteSet.Of((byte)value)))];

    public static GrammarNode Empty { get; } = new SequenceNode([]);

    public static GrammarNode Byte(ByteSet set) => new ByteNode(set);

    /// <summary>These bytes.</summary>
    public static GrammarNode Literal(ReadOnlySpan<byte> bytes)
    {
        var parts = new GrammarNode[bytes.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = SingleBytes[bytes[i]];
        }

        return new SequenceNode(parts);
    }

    /// <summary>The text's UTF-8 bytes.</summary>
    public static GrammarNode Literal(string text) => Literal(Encoding.UTF8.GetBytes(text));

    public static GrammarNode Sequence(params IReadOnlyList<GrammarNode> parts) => parts.Count == 1 ? parts[0] : new SequenceNode(parts);

    public static GrammarNode Choice(params IReadOnlyList<GrammarNode> ways) => ways.Count == 1 ? ways[0] : new ChoiceNode(ways);

    public static GrammarNode Optional(GrammarNode node) => new ChoiceNode([node, Empty]);

    /// <param name="node">What is repeated; must not match the empty string, or the repetition would be endless.</param>
    /// <param name="least">Times; at least 0.</param>
    /// <param name="most">Times; unbounded when null.</param>
    public static GrammarNode Repeat(GrammarNode node, int least = 0, int? most = null) => new RepeatNode(node, least, most);
}

/// <summary>One byte of a set.</summary>
internal sealed class ByteNode(ByteSet set) : GrammarNode
{
    public ByteSet Set { get; } = set;
}

internal sealed class SequenceNode(IReadOnlyList<GrammarNode> parts) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Parts { get; } = parts;
}

internal sealed class ChoiceNode(IReadOnlyList<GrammarNode> ways) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Ways { get; } = ways;
}

internal sealed class RepeatNode(GrammarNode node, int least, int? most) : GrammarNode
{
    private RepeatNode? _rest;

    public GrammarNode Node { get; } = node;

    /// <summary>It may end here.</summary>
    public bool MayEnd => least == 0;

    /// <summary>Another may come.</summary>
    public bool MayGoOn => most != 0;

    /// <summary>What may follow one more; the same object every time, so that states compare equal.</summary>
    public RepeatNode Rest => least == 0 && most is null ? this : _rest ??= new RepeatNode(Node, Math.Max(0, least - 1), most - 1);
}

/// <summary>A named part, which may contain itself.</summary>
internal sealed class RuleNode : GrammarNode
{
    public GrammarNode Body { get; set; } = Empty;
}
