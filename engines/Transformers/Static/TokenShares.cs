namespace RagPlatform.Transformers.Static;

/// <summary>
/// Which tokens each text of a sample has, and what share of the text's vector each contributes: a sparse matrix
/// [texts, tokens] whose rows sum to 1. Columns are those tokens only that the sample has, in the order of their ids.
/// </summary>
/// <param name="TokenIds">Of each column.</param>
/// <param name="Starts">Where each text's entries begin; one more at the end.</param>
/// <param name="Columns">Of each entry.</param>
/// <param name="Shares">Of each entry.</param>
internal sealed record TokenShares(int[] TokenIds, int[] Starts, int[] Columns, float[] Shares)
{
    public int Texts => Starts.Length - 1;

    public int Tokens => TokenIds.Length;

    /// <param name="texts">Ids of each text, each below the vocabulary's size.</param>
    /// <param name="tokenWeights">By id; what one occurrence counts for, above 0.</param>
    public static TokenShares Of(IReadOnlyList<int[]> texts, float[] tokenWeights)
    {
        int[] tokenIds = [.. texts.SelectMany(ids => ids).Distinct().Order()];
        var columnOf = new int[tokenWeights.Length];
        foreach (var (column, id) in tokenIds.Index())
        {
            columnOf[id] = column;
        }

        var starts = new int[texts.Count + 1];
        var (columns, shares) = (new List<int>(), new List<float>());
        foreach (var (text, ids) in texts.Index())
        {
            var total = ids.Sum(id => tokenWeights[id]);
            foreach (var group in ids.GroupBy(id => id).OrderBy(group => group.Key))
            {
                columns.Add(columnOf[group.Key]);
                shares.Add(group.Count() * tokenWeights[group.Key] / total);
            }

            starts[text + 1] = columns.Count;
        }

        return new TokenShares(tokenIds, starts, [.. columns], [.. shares]);
    }
}
