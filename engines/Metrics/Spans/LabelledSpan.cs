namespace RagPlatform.Metrics.Spans;

/// <summary>A stretch of a text that has a name, such as a slot.</summary>
/// <param name="Start">First token or character, from 0.</param>
/// <param name="End">After the last.</param>
/// <param name="Label">Such as city.</param>
public readonly record struct LabelledSpan(int Start, int End, string Label)
{
    /// <summary>
    /// The spans of a sequence of BIO tags ("O", "B-city", "I-city"), read as conlleval does: an I that follows O, or another
    /// label's tag, begins a span too.
    /// </summary>
    /// <remarks>Source: E. Tjong Kim Sang and S. Buchholz, "Introduction to the CoNLL-2000 Shared Task: Chunking", 2000.</remarks>
    /// <exception cref="ArgumentException">A tag is none of these.</exception>
    public static IReadOnlyList<LabelledSpan> FromTags(IReadOnlyList<string> tags)
    {
        var spans = new List<LabelledSpan>();
        var (start, label) = (0, "");
        for (var i = 0; i <= tags.Count; i++)
        {
            var tag = i < tags.Count ? tags[i] : "O";
            var (isInside, name) = Read(tag);
            if (label.Length > 0 && !(isInside && name == label))
            {
                spans.Add(new LabelledSpan(start, i, label));
                label = "";
            }

            if (label.Length == 0 && name.Length > 0)
            {
                (start, label) = (i, name);
            }
        }

        return spans;
    }

    /// <returns>Whether it goes on with a span, and the label; none for O.</returns>
    private static (bool IsInside, string Label) Read(string tag)
    {
        if (tag == "O")
        {
            return (false, "");
        }

        return tag.Length > 2 && tag[0] is 'B' or 'I' && tag[1] == '-'
            ? (tag[0] == 'I', tag[2..])
            : throw new ArgumentException($"'{tag}' is no tag; O, B-label and I-label are.", nameof(tag));
    }
}
