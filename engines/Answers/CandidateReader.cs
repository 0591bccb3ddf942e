namespace RagPlatform.Answers;

/// <summary>
/// All units of all passages, those that overlapping passages share once and those that only repeat the question
/// left out, in the order of the passages.
/// </summary>
internal static class CandidateReader
{
    private const int MaxHeadings = 3;
    private const int MaxHeadingCharacters = 200;

    public static List<Candidate> Read(IReadOnlyList<Passage> passages, Echo echo)
    {
        var candidates = new List<Candidate>();
        var seen = new Dictionary<(string DocumentKey, int Start), int>();
        for (var passageIndex = 0; passageIndex < passages.Count; passageIndex++)
        {
            var passage = passages[passageIndex];
            var units = UnitReader.Read(passage.Text);
            var indexes = new int[units.Count];
            for (var i = 0; i < units.Count; i++)
            {
                var unit = units[i];
                var text = passage.Text[unit.Start..unit.End];
                if (echo.Is(text))
                {
                    indexes[i] = -1;
                    continue;
                }

                var key = (passage.DocumentKey, passage.Start + unit.Start);
                if (seen.TryGetValue(key, out var known) && candidates[known].Text.Length >= unit.End - unit.Start)
                {
                    indexes[i] = known;
                    continue;
                }

                var lead = unit.Lead < 0 ? -1 : indexes[unit.Lead];
                indexes[i] = seen[key] = candidates.Count;
                candidates.Add(new Candidate(passageIndex, unit, text, lead, EmbeddingTextOf(passage, unit, lead < 0 ? null : candidates[lead].Text)));
            }
        }

        return candidates;
    }

    private static string EmbeddingTextOf(Passage passage, Unit unit, string? lead)
    {
        var text = passage.Text[unit.Start..unit.End];
        var nearest = passage.Text[unit.Heading];
        var headings = passage.HeadingPath.Where(heading => heading.Length > 0).ToList();
        if (nearest.Length > 0 && !headings.Contains(nearest))
        {
            headings.Add(nearest);
        }

        var body = lead is null ? text : $"{lead} {text}";
        return headings.Count == 0 ? body : $"{string.Join(" > ", headings.TakeLast(MaxHeadings).Select(Shorten))}: {body}";
    }

    private static string Shorten(string heading) => heading.Length <= MaxHeadingCharacters ? heading : heading[..MaxHeadingCharacters];
}
