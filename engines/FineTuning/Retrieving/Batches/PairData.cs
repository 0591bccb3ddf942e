using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>A set of pairs with its texts by id, and what is known to answer what.</summary>
internal sealed class PairData
{
    /// <summary>Passages of a corpus at most: their vectors are all in memory, 1.5 KiB each at 384 components.</summary>
    public const int MaxCorpus = 200_000;

    private readonly Dictionary<int, HashSet<int>> answers = [];

    private PairData(TrainingSet set, IReadOnlyList<string> corpus)
    {
        Training = [.. Pairs(set.Training).Select(Add)];
        Validation = Judged(set.Validation);
        Test = Judged(set.Test);
        foreach (var passage in corpus)
        {
            Passages.Add(passage);
        }
    }

    public DistinctTexts Queries { get; } = new();

    /// <summary>Those of all pairs and of the corpus.</summary>
    public DistinctTexts Passages { get; } = new();

    public IReadOnlyList<ContrastiveExample> Training { get; }

    /// <summary>Each query once, with all of its passages.</summary>
    public IReadOnlyList<JudgedQuery> Validation { get; }

    /// <summary>Each query once, with all of its passages.</summary>
    public IReadOnlyList<JudgedQuery> Test { get; }

    /// <summary>Passages that some pair of the query's text gives as an answer.</summary>
    public IReadOnlySet<int> AnswersOf(int query) => answers[query];

    /// <param name="set">Pairs alone.</param>
    /// <param name="corpus">More passages, to mine and to search among; may be empty.</param>
    /// <param name="corpusPassages">So many of the corpus are taken at most.</param>
    /// <param name="seed">Of which.</param>
    /// <exception cref="TrainingException">An example is no pair, or there are fewer than two different passages to tell apart.</exception>
    public static PairData Read(TrainingSet set, IReadOnlyList<string> corpus, int corpusPassages, ulong seed)
    {
        var taken = corpus.Count <= corpusPassages ? corpus : [.. RandomSeed.Permutation(seed, corpus.Count).Take(corpusPassages).Order().Select(place => corpus[place])];
        var data = new PairData(set, taken);
        return data.Training.Count > 0 && data.Passages.Count > 1
            ? data
            : throw new TrainingException(
                "NOTHING_TO_LEARN",
                $"There are {data.Training.Count} training pairs and {data.Passages.Count} different passages; at least 1 and 2 are needed.",
                "Give pairs with different passages.");
    }

    private IReadOnlyList<JudgedQuery> Judged(IReadOnlyList<TrainingExample> examples)
    {
        var queries = Pairs(examples).Select(pair => Add(pair).Query).Distinct().ToArray();
        return [.. queries.Select(query => new JudgedQuery(query, answers[query]))];
    }

    private ContrastiveExample Add(PairExample pair)
    {
        var (query, positive) = (Queries.Add(pair.Query), Passages.Add(pair.Positive));
        if (!answers.TryGetValue(query, out var known))
        {
            answers.Add(query, known = []);
        }
        known.Add(positive);
        return new ContrastiveExample(query, positive, [.. pair.Negatives.Select(Passages.Add).Distinct().Where(negative => negative != positive)]);
    }

    private static IEnumerable<PairExample> Pairs(IReadOnlyList<TrainingExample> examples) => examples.Select(example =>
        example as PairExample ?? throw new TrainingException(
            "DATA_UNSUITABLE", $"Line {example.Line} is a conversation; this method learns from pairs.", "Give lines of {\"query\", \"positive\", \"negatives\"?}."));
}
