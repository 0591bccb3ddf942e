using RagPlatform.Search.Lexical;

namespace RagPlatform.Answers;

/// <summary>
/// How much of a question the words of a text cover: the share of the question's terms, weighted by their inverse
/// document frequency over the candidates. A term that no candidate holds weighs most, so what is missing shows.
/// </summary>
internal sealed class TermCoverage
{
    private readonly List<(string Term, double Weight)> question = [];
    private readonly double total;

    public TermCoverage(TermCounts question, IReadOnlyList<TermCounts> candidates)
    {
        foreach (var (term, _) in question)
        {
            var holding = 0;
            foreach (var candidate in candidates)
            {
                holding += candidate[term] > 0 ? 1 : 0;
            }

            var weight = Bm25.InverseDocumentFrequency(candidates.Count, holding);
            this.question.Add((term, weight));
            total += weight;
        }
    }

    /// <summary>0 to 1; 0 for a question without terms.</summary>
    public double Of(TermCounts text)
    {
        var covered = 0.0;
        foreach (var (term, weight) in question)
        {
            covered += text[term] > 0 ? weight : 0;
        }

        return total > 0 ? covered / total : 0;
    }
}
