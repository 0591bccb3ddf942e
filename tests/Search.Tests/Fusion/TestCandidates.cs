using RagPlatform.Search.Fusion;

namespace RagPlatform.Search.Tests.Fusion;

/// <summary>Candidates at hand: the row is the place in the list.</summary>
internal sealed class TestCandidates(params TestCandidate[] all) : ICandidateReader
{
    public int TextsRead { get; private set; }

    public ArmProposals Lexical(int wanted = int.MaxValue) => Proposals(candidate => candidate.Lexical, wanted);

    public ArmProposals Vectors(int wanted = int.MaxValue) => Proposals(candidate => candidate.Cosine, wanted);

    public string ChunkId(int row) => all[row].Id;

    public string DocumentId(int row) => all[row].Document;

    public string Title(int row) => all[row].Title;

    public ReadOnlySpan<float> Vector(int row) => all[row].Vector;

    public float LexicalScore(int row) => all[row].RealLexical;

    public float VectorScore(int row) => all[row].RealCosine;

    public string Text(int row)
    {
        TextsRead++;
        return all[row].Text;
    }

    /// <summary>As ids with scores to read, to four places.</summary>
    public string[] Describe(IReadOnlyList<Candidate> hits) =>
        [.. hits.Select(hit => FormattableString.Invariant($"{all[hit.Row].Id} {Math.Round(hit.Score, 4)}"))];

    private ArmProposals Proposals(Func<TestCandidate, float> score, int wanted) => new(
        [.. Enumerable.Range(0, all.Length).Where(row => !float.IsNaN(score(all[row]))).Select(row => new ScoredRow(row, score(all[row])))], wanted);
}

/// <param name="Lexical">NaN: the arm does not propose it; likewise <paramref name="Cosine"/>.</param>
internal sealed record TestCandidate(string Id, float Lexical, float Cosine)
{
    public float RealLexical { get; init; } = float.NaN;

    public float RealCosine { get; init; } = float.NaN;

    public string Document { get; init; } = Id;

    public string Title { get; init; } = "";

    public string Text { get; init; } = "";

    public float[] Vector { get; init; } = [1];
}
