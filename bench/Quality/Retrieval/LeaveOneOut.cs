namespace RagPlatform.Bench.Quality.Retrieval;

/// <summary>
/// One setting for all sets, chosen without the set that it is judged on: for each set, the setting that is best on the
/// others, and what that gives on the one left out.
/// </summary>
internal static class LeaveOneOut
{
    /// <param name="Setting">Best on the other sets.</param>
    /// <param name="Value">On the set that had no part in the choice.</param>
    /// <param name="Best">On that set, of any setting: what tuning to it would give.</param>
    public sealed record Choice(string Set, string Setting, double Value, double Best);

    /// <param name="values">Setting → one value for each set, in the order of <paramref name="sets"/>.</param>
    public static IReadOnlyList<Choice> Choose(IReadOnlyList<string> sets, IReadOnlyDictionary<string, double[]> values) =>
        [.. Enumerable.Range(0, sets.Count).Select(left =>
        {
            var setting = Best(values, Enumerable.Range(0, sets.Count).Where(set => set != left));
            return new Choice(sets[left], setting, values[setting][left], values.Values.Max(row => row[left]));
        })];

    /// <summary>The setting with the highest mean share of each set's best, so that an easy set weighs no more than a hard one.</summary>
    public static string Best(IReadOnlyDictionary<string, double[]> values, IEnumerable<int> sets)
    {
        var highest = sets.ToDictionary(set => set, set => values.Values.Max(row => row[set]));
        return values.MaxBy(setting => highest.Sum(set => setting.Value[set.Key] / set.Value)).Key;
    }
}
