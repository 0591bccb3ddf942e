namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// Tags of a text's pieces for spans of several kinds: 0 is outside, 1 + 2k begins a span of kind k, 2 + 2k goes on with it
/// (Ramshaw and Marcus 1995, cmp-lg/9505040). Spans do not overlap.
/// </summary>
public static class BioTags
{
    public const int Outside = 0;

    public static int Count(int kinds) => 1 + (2 * kinds);

    public static int Begin(int kind) => 1 + (2 * kind);

    public static int Inside(int kind) => 2 + (2 * kind);

    /// <summary>The tags of spans, for so many pieces.</summary>
    /// <param name="spans">Of pieces, not overlapping; the end is exclusive.</param>
    /// <param name="pieces">That may be tagged.</param>
    public static int[] Of(IEnumerable<PieceSpan> spans, int pieces)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var tags = new int[pieces];
        foreach (var span in spans)
        {
            for (var piece = span.Start; piece < span.End; piece++)
            {
                tags[piece] = piece == span.Start ? Begin(span.Kind) : Inside(span.Kind);
            }
        }

        return tags;
    }

    /// <summary>The spans of tags that follow each other as they must.</summary>
    public static IReadOnlyList<PieceSpan> Spans(ReadOnlySpan<int> tags)
    {
        var spans = new List<PieceSpan>();
        for (var piece = 0; piece < tags.Length; piece++)
        {
            if (tags[piece] % 2 == 1)
            {
                var (kind, start) = ((tags[piece] - 1) / 2, piece);
                while (piece + 1 < tags.Length && tags[piece + 1] == Inside(kind))
                {
                    piece++;
                }

                spans.Add(new PieceSpan(kind, start, piece + 1));
            }
        }

        return spans;
    }

    /// <summary>Whether a tag may follow another; none may go on with what was not begun.</summary>
    /// <param name="former">-1 at a text's beginning.</param>
    /// <param name="next">The tag in question.</param>
    public static bool MayFollow(int former, int next) => next == Outside || next % 2 == 1 || former == next || former == next - 1;
}

/// <param name="Kind">From 0.</param>
/// <param name="Start">The first piece.</param>
/// <param name="End">Behind the last.</param>
public readonly record struct PieceSpan(int Kind, int Start, int End);
