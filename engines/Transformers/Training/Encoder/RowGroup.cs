namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// Neighbouring texts that go through a layer together: enough rows to be worth fetching the weights for, few enough to stay in a
/// core's cache. How a batch is cut depends on nothing but the texts' lengths, so sums over groups are the same on any number of threads.
/// </summary>
/// <param name="FirstText">Its first text.</param>
/// <param name="EndText">After its last.</param>
/// <param name="FirstRow">Of its first text.</param>
/// <param name="Rows">Of all its texts.</param>
internal readonly record struct RowGroup(int FirstText, int EndText, int FirstRow, int Rows)
{
    private const int MostRows = 128;
    private const int FewestRows = 32;
    private const int FewestGroups = 8;
    private const int MostGroups = 64;

    /// <param name="starts">Where each text begins among the rows; last, the number of rows.</param>
    public static RowGroup[] Cut(int[] starts)
    {
        var rows = starts[^1];
        var wanted = Math.Max(Math.Clamp(rows / FewestGroups, FewestRows, MostRows), rows / MostGroups);
        var groups = new List<RowGroup>();
        for (int first = 0, end; first < starts.Length - 1; first = end)
        {
            for (end = first + 1; end < starts.Length - 1 && starts[end + 1] - starts[first] <= wanted; end++)
            {
            }
            groups.Add(new RowGroup(first, end, starts[first], starts[end] - starts[first]));
        }
        return [.. groups];
    }
}
