using RagPlatform.Search.Lexical;

namespace RagPlatform.Answers;

/// <summary>
/// The reading of the passages for one question: first its candidates, then, once a model has embedded them, the
/// evidence of each and the units that answer. Deterministic; holds no model.
/// </summary>
public sealed class Reading
{
    private readonly string question;
    private readonly IReadOnlyList<Passage> passages;
    private readonly AnswerOptions options;
    private readonly List<TermCounts> terms = [];
    private readonly double[] coverages;
    private readonly double[] passageCoverages;

    public Reading(string question, IReadOnlyList<Passage> passages, TextAnalyzer analyzer, AnswerOptions options)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(passages);
        ArgumentNullException.ThrowIfNull(analyzer);
        ArgumentNullException.ThrowIfNull(options);
        this.question = question;
        this.passages = passages;
        this.options = options;
        var echo = new Echo(question);
        var all = CandidateReader.Read(passages, echo);
        var allTerms = all.ConvertAll(candidate => TermsOf(analyzer, candidate.EmbeddingText));
        var coverage = new TermCoverage(TermsOf(analyzer, question), allTerms);
        passageCoverages = [.. passages.Select(passage => coverage.Of(TermsOf(analyzer, echo.Without(string.Join('\n', [.. passage.HeadingPath, passage.Text])))))];
        var kept = Nearest(all, allTerms, coverage);
        Candidates = Renumber(all, kept);
        terms.AddRange(kept.Select(index => allTerms[index]));
        coverages = [.. terms.Select(coverage.Of)];
    }

    /// <summary>In the order of the passages and their text; at most <see cref="AnswerOptions.MaxCandidates"/>.</summary>
    public IReadOnlyList<Candidate> Candidates { get; }

    /// <param name="similarities">Cosine of the question with each candidate's <see cref="Candidate.EmbeddingText"/>.</param>
    /// <returns>As long as <see cref="Candidates"/>.</returns>
    public EvidenceFeatures[] Weigh(IReadOnlyList<double> similarities)
    {
        ArgumentNullException.ThrowIfNull(similarities);
        if (similarities.Count != Candidates.Count)
        {
            throw new ArgumentException($"{similarities.Count} similarities for {Candidates.Count} candidates.", nameof(similarities));
        }

        var asksForCommand = QuestionType.AsksForCommand(question);
        var features = new EvidenceFeatures[Candidates.Count];
        for (var i = 0; i < features.Length; i++)
        {
            var candidate = Candidates[i];
            features[i] = new EvidenceFeatures(
                similarities[i],
                coverages[i],
                passageCoverages[candidate.PassageIndex],
                passages[candidate.PassageIndex].Similarity,
                QuestionType.Match(question, candidate.Text),
                asksForCommand && candidate.Unit.Kind is UnitKind.CodeLine);
        }

        return features;
    }

    /// <summary>The best unit, those that come near it and say something else, and what introduces a chosen command.</summary>
    public Extract Select(IReadOnlyList<double> evidence) => UnitSelection.Select(Candidates, terms, evidence, options);

    private static TermCounts TermsOf(TextAnalyzer analyzer, string text)
    {
        var counts = new TermCounts();
        analyzer.Analyze(text, counts);
        return counts;
    }

    /// <summary>The indexes to keep, in order. A command's introduction stays with it.</summary>
    private int[] Nearest(List<Candidate> all, List<TermCounts> allTerms, TermCoverage coverage)
    {
        if (all.Count <= options.MaxCandidates)
        {
            return [.. Enumerable.Range(0, all.Count)];
        }

        var best = Enumerable.Range(0, all.Count)
            .OrderByDescending(index => coverage.Of(allTerms[index]) + passages[all[index].PassageIndex].Similarity)
            .ThenBy(index => index);
        var kept = new SortedSet<int>();
        foreach (var index in best)
        {
            var needed = all[index].Lead >= 0 && !kept.Contains(all[index].Lead) ? 2 : 1;
            if (kept.Count + needed <= options.MaxCandidates)
            {
                kept.Add(index);
                kept.Add(all[index].Lead < 0 ? index : all[index].Lead);
            }
        }

        return [.. kept];
    }

    private static List<Candidate> Renumber(List<Candidate> all, int[] kept)
    {
        var numbers = new Dictionary<int, int>(kept.Length) { [-1] = -1 };
        for (var i = 0; i < kept.Length; i++)
        {
            numbers[kept[i]] = i;
        }

        return [.. kept.Select(index => all[index] with { Lead = numbers[all[index].Lead] })];
    }
}
