using System.Text;

namespace RagPlatform.Transformers.Constraints;

/// <summary>
/// Any of some texts as a prefix tree: however many they are, at one place there are no more ways to go on than there
/// are next bytes.
/// </summary>
internal static class LiteralChoice
{
    /// <param name="texts">At least one.</param>
    public static GrammarNode Of(IEnumerable<string> texts)
    {
        var sorted = texts.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).ToArray();
        Array.Sort(sorted, (left, right) => left.AsSpan().SequenceCompareTo(right));
        return Branch(sorted, 0);
    }

    /// <summary>What comes after the first <paramref name="depth"/> bytes, which all of them share.</summary>
    private static GrammarNode Branch(ReadOnlySpan<byte[]> sorted, int depth)
    {
        var shared = sorted[0].AsSpan(depth).CommonPrefixLength(sorted[^1].AsSpan(depth));
        var stem = GrammarNode.Literal(sorted[0].AsSpan(depth, shared));
        if (sorted.Length == 1)
        {
            return stem;
        }

        depth += shared;
        var ways = new List<GrammarNode>();
        if (sorted[0].Length == depth)
        {
            ways.Add(GrammarNode.Empty);
            sorted = sorted[1..];
        }

        while (!sorted.IsEmpty)
        {
            var alike = 1;
            while (alike < sorted.Length && sorted[alike][depth] == sorted[0][depth])
            {
                alike++;
            }

            ways.Add(Branch(sorted[..alike], depth));
            sorted = sorted[alike..];
        }

        return GrammarNode.Sequence(stem, GrammarNode.Choice(ways));
    }
}
