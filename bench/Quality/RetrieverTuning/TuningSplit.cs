using RagPlatform.CommandLine.Evaluation;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.Bench.Quality.RetrieverTuning;

/// <summary>A set's queries, half and a tenth to learn from, some to choose by, and a quarter that is asked at the end alone.</summary>
/// <param name="Training">Queries.</param>
/// <param name="Validation">Queries.</param>
/// <param name="Test">Queries.</param>
internal sealed record TuningSplit(IReadOnlyList<JudgedQuery> Training, IReadOnlyList<JudgedQuery> Validation, IReadOnlyList<JudgedQuery> Test)
{
    private const int TestPart = 4;
    private const double ValidationShare = 0.15;

    /// <param name="queries">Of the set, in its order.</param>
    /// <param name="seed">Of the split.</param>
    public static TuningSplit Of(IReadOnlyList<JudgedQuery> queries, ulong seed)
    {
        var order = RandomSeed.Permutation(seed, queries.Count);
        var test = queries.Count / TestPart;
        var validation = (int)(queries.Count * ValidationShare);
        return new TuningSplit(Take(order[(test + validation)..]), Take(order[test..(test + validation)]), Take(order[..test]));

        JudgedQuery[] Take(int[] places) => [.. places.Order().Select(place => queries[place])];
    }

    /// <summary>For the trainer: pairs to learn from and to choose by; the test is the bench's own.</summary>
    /// <param name="texts">Of the documents by id.</param>
    public TrainingSet Pairs(IReadOnlyDictionary<string, string> texts) => new(Pairs(Training, texts), Pairs(Validation, texts), []);

    /// <summary>Documents that training or the choice by validation has seen as an answer.</summary>
    public IReadOnlySet<string> SeenDocuments() => Training.Concat(Validation).SelectMany(query => query.Gains.Keys).ToHashSet(StringComparer.Ordinal);

    private static PairExample[] Pairs(IReadOnlyList<JudgedQuery> queries, IReadOnlyDictionary<string, string> texts) =>
    [
        .. queries.SelectMany(query => query.Gains.Keys.Order(StringComparer.Ordinal).Select(document => (query, document)))
            .Select((pair, line) => new PairExample(line + 1, "", pair.query.Text, texts[pair.document], [])),
    ];
}
