namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>
/// The texts of some examples, each once, and what each example is compared with. As a text is in the batch once, it can
/// be no example's negative by its other copy.
/// </summary>
internal sealed class ContrastiveBatch
{
    private readonly bool[] excluded;

    /// <param name="examples">At least one.</param>
    /// <param name="isExcluded">Whether a passage, by its id, may be a query's answer although it is not the example's.</param>
    public ContrastiveBatch(IReadOnlyList<ContrastiveExample> examples, Func<ContrastiveExample, int, bool> isExcluded)
    {
        var queries = new Dictionary<int, int>();
        var passages = new Dictionary<int, int>();
        var rows = new (int Query, int Positive)[examples.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (Place(queries, examples[i].Query), Place(passages, examples[i].Positive));
        }
        foreach (var negative in examples.SelectMany(example => example.Negatives))
        {
            Place(passages, negative);
        }
        Queries = [.. queries.Keys];
        Passages = [.. passages.Keys];
        Rows = rows;
        excluded = new bool[rows.Length * Passages.Count];
        for (var i = 0; i < excluded.Length; i++)
        {
            var (row, passage) = (i / Passages.Count, i % Passages.Count);
            excluded[i] = passage != rows[row].Positive && isExcluded(examples[row], Passages[passage]);
        }
    }

    /// <summary>Ids of the queries, each once.</summary>
    public IReadOnlyList<int> Queries { get; }

    /// <summary>Ids of the passages, each once.</summary>
    public IReadOnlyList<int> Passages { get; }

    /// <summary>One of each example: places among <see cref="Queries"/> and <see cref="Passages"/>.</summary>
    public IReadOnlyList<(int Query, int Positive)> Rows { get; }

    /// <param name="row">Place among <see cref="Rows"/>.</param>
    /// <param name="passage">Place among <see cref="Passages"/>.</param>
    public bool IsExcluded(int row, int passage) => excluded[(row * Passages.Count) + passage];

    private static int Place(Dictionary<int, int> places, int id)
    {
        if (!places.TryGetValue(id, out var place))
        {
            places.Add(id, place = places.Count);
        }
        return place;
    }
}
