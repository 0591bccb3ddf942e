using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>
/// The held terms nearest to one that is not held: one insertion, deletion, replacement or exchange of neighbours away
/// with 4 to 7 characters, up to two with 8 or more, none with fewer. Only those at the least distance; of more than
/// <see cref="Max"/>, those that most rows hold.
/// </summary>
/// <remarks>
/// The sorted dictionary is walked as the tree of prefixes that it is: the table of distances is kept for as many
/// characters as a term shares with the one before, and where no continuation can be near, everything with that prefix is
/// passed over in one step. Source: K. Oflazer, "Error-tolerant finite-state recognition", Computational Linguistics
/// 22(1), 1996.
/// </remarks>
internal static class NearestTerms
{
    public const int Max = 16;

    private const int MinCharacters = 4;
    private const int TwoFromCharacters = 8;

    /// <returns>The terms and their distance, 1 or 2; no terms where none is near.</returns>
    public static (IReadOnlyList<string> Terms, int Distance) Of(string term, IReadOnlyList<LexicalSegment> segments)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var limit = term.Length >= TwoFromCharacters ? 2 : 1;
        for (var distance = 1; distance <= limit && term.Length >= MinCharacters; distance++)
        {
            foreach (var segment in segments)
            {
                Collect(term, distance, segment, counts);
            }

            if (counts.Count > 0)
            {
                return ([.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(Max).Select(pair => pair.Key)], distance);
            }
        }

        return ([], 0);
    }

    private static void Collect(string sought, int limit, LexicalSegment segment, Dictionary<string, int> counts)
    {
        var table = new DistanceTable(sought);
        Span<char> held = stackalloc char[TextAnalyzer.MaxTermCharacters];
        Span<char> previous = stackalloc char[TextAnalyzer.MaxTermCharacters];
        Span<byte> pastPrefix = stackalloc byte[(TextAnalyzer.MaxTermCharacters * 3) + 1];
        var length = 0;
        var computed = 0;
        for (var term = 0; term < segment.TermCount;)
        {
            var bytes = segment.TermAt(term);
            var previousLength = length;
            var swapped = held;
            held = previous;
            previous = swapped;
            if (!Encoding.UTF8.TryGetChars(bytes, held, out length))
            {
                throw new InvalidDataException($"Term {term} has more than {TextAnalyzer.MaxTermCharacters} characters.");
            }

            computed = Math.Min(computed, held[..length].CommonPrefixLength(previous[..previousLength]));
            while (computed < length && table.Extend(computed, held) <= limit)
            {
                computed++;
            }

            if (computed < length)
            {
                // The character at which it became hopeless was computed too, and belongs to the prefix to pass over.
                var size = Encoding.UTF8.GetBytes(held[..EndOfCharacter(held[..length], computed)], pastPrefix);
                pastPrefix[size] = 0xFF;
                term = Gallop(segment, pastPrefix[..(size + 1)], term + 1);
                continue;
            }

            if (table.Distance(length) <= limit)
            {
                var found = held[..length].ToString();
                counts[found] = counts.GetValueOrDefault(found) + segment.CountOf(term);
            }

            term++;
        }
    }

    private static int EndOfCharacter(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? index + 2 : index + 1;

    /// <summary>The first term from <paramref name="from"/> on that is not before the bytes, found in steps that double: it is rarely far.</summary>
    private static int Gallop(LexicalSegment segment, ReadOnlySpan<byte> bytes, int from)
    {
        for (var step = 1; from + step < segment.TermCount; step *= 2)
        {
            if (segment.TermAt(from + step).SequenceCompareTo(bytes) >= 0)
            {
                return segment.LowerBound(bytes, from, from + step);
            }

            from += step;
        }

        return segment.LowerBound(bytes, from, segment.TermCount);
    }
}
