using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>A set of pairs with its texts by id, and what is known to answer what.</summary>
internal sealed class PairData
{
    /// <summary>Passages that are mined and searched at most: their vectors are all in memory, 1.5 KiB each at 384 components.</summary>
    public const int MaxPassages = 200_000;

    private readonly Dictionary<int, HashSet<int>> answers = [];

    private PairData(TrainingSet set, IReadOnlyList<string> corpus)
    {
        Training = [.. Pairs(set.Training).Select(Add)];
        Validation = Judged(set.Validation);
        Test = Judged(set.Test);
        foreach (var passage in corpus.Where(passage => !string.IsNullOrWhiteSpace(passage)))
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
    /// <exception cref="TrainingException">An example is no pair, there are fewer than two different passages to tell apart, or too many.</exception>
    public static PairData Read(TrainingSet set, IReadOnlyList<string> corpus)
    {
        var data = new PairData(set, corpus);
        if (data.Training.Count == 0 || data.Passages.Count < 2)
        {
            throw new TrainingException(
                "NOTHING_TO_LEARN",
                $"There are {data.Training.Count} training pairs and {data.Passages.Count} different passages; at least 1 and 2 are needed.",
                "Give pairs with different passages.");
        }
        return data.Passages.Count <= MaxPassages
            ? data
            : throw new TrainingException(
                "CORPUS_TOO_LARGE",
                $"The pairs and the collection have {data.Passages.Count} different passages; the limit is {MaxPassages}.",
                "Give a part of the collection that holds what the questions are about.");
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
