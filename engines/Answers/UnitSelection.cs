using RagPlatform.Search.Lexical;

namespace RagPlatform.Answers;

/// <summary>What answers: candidates in reading order, and the evidence of the best, 0 to 1 (0 when there is none).</summary>
public sealed record Extract(IReadOnlyList<Candidate> Units, double Evidence);

/// <summary>Chooses few units that say different things, and orders them to be read.</summary>
internal static class UnitSelection
{
    public static Extract Select(IReadOnlyList<Candidate> candidates, IReadOnlyList<TermCounts> terms, IReadOnlyList<double> evidence, AnswerOptions options)
    {
        if (candidates.Count == 0)
        {
            return new Extract([], 0);
        }

        var ranked = Enumerable.Range(0, candidates.Count).OrderByDescending(index => evidence[index]).ThenBy(index => index).ToArray();
        var best = ranked[0];
        var chosen = new List<int> { best };
        var characters = candidates[best].Text.Length;
        foreach (var index in ranked.Skip(1))
        {
            if (chosen.Count == options.MaxUnits || evidence[index] < evidence[best] * options.KeepShare)
            {
                break;
            }

            if (characters + candidates[index].Text.Length <= options.MaxCharacters && !chosen.Exists(other => SayTheSame(terms[index], terms[other], options.SameShare)))
            {
                chosen.Add(index);
                characters += candidates[index].Text.Length;
            }
        }

        return new Extract(InReadingOrder(candidates, WithCompanions(candidates, chosen, evidence), evidence), evidence[best]);
    }

    /// <summary>A command comes with the sentence that introduces it, and such a sentence with the best line of its block.</summary>
    private static SortedSet<int> WithCompanions(IReadOnlyList<Candidate> candidates, List<int> chosen, IReadOnlyList<double> evidence)
    {
        var complete = new SortedSet<int>(chosen);
        foreach (var index in chosen)
        {
            if (candidates[index].Lead >= 0)
            {
                complete.Add(candidates[index].Lead);
                continue;
            }

            var lines = Enumerable.Range(0, candidates.Count).Where(line => candidates[line].Lead == index).ToArray();
            if (lines.Length > 0 && !lines.Any(complete.Contains))
            {
                complete.Add(lines.MaxBy(line => evidence[line]));
            }
        }

        return complete;
    }

    /// <summary>The passage with the best unit first; within a passage, as it was written.</summary>
    private static List<Candidate> InReadingOrder(IReadOnlyList<Candidate> candidates, SortedSet<int> chosen, IReadOnlyList<double> evidence) =>
    [
        .. chosen
            .GroupBy(index => candidates[index].PassageIndex)
            .OrderByDescending(passage => passage.Max(index => evidence[index]))
            .ThenBy(passage => passage.Key)
            .SelectMany(passage => passage.Select(index => candidates[index]).OrderBy(candidate => candidate.Unit.Start)),
    ];

    private static bool SayTheSame(TermCounts left, TermCounts right, double sameShare)
    {
        var shared = 0;
        foreach (var (term, _) in left)
        {
            shared += right[term] > 0 ? 1 : 0;
        }

        var union = left.Count + right.Count - shared;
        return union > 0 && shared > sameShare * union;
    }
}
