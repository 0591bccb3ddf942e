using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The terms that a prefix stands for: the held terms that begin with it, and the prefix's own stem, because the index
/// holds stems (running* finds run). Of more than <see cref="Max"/>, those that most rows hold.
/// </summary>
internal static class PrefixTerms
{
    public const int Max = 64;

    public static IReadOnlyList<string> Of(string prefix, string stem, IReadOnlyList<LexicalSegment> segments)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var from = Encoding.UTF8.GetBytes(prefix);
        foreach (var segment in segments)
        {
            for (var term = segment.LowerBound(from); term < segment.TermCount && segment.TermAt(term).StartsWith(from); term++)
            {
                AddCount(counts, Encoding.UTF8.GetString(segment.TermAt(term)), segment.CountOf(term));
            }

            if (stem.Length > 0 && segment.Find(Encoding.UTF8.GetBytes(stem)) is var stemTerm and >= 0)
            {
                AddCount(counts, stem, segment.CountOf(stemTerm));
            }
        }

        return [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(Max).Select(pair => pair.Key)];
    }

    private static void AddCount(Dictionary<string, int> counts, string term, int count) =>
        counts[term] = counts.GetValueOrDefault(term) + count;
}
