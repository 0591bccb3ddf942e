namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>What one engine did with the data, on one thread. Seconds are the process's processor time.</summary>
/// <param name="BuildSeconds">From tokens to an index that is complete on disk.</param>
/// <param name="SearchSeconds">All questions once, the best of <see cref="Passes"/> passes.</param>
/// <param name="Hits">The rows of the best chunks of each question.</param>
internal sealed record EngineRun(string Engine, double BuildSeconds, long IndexBytes, double SearchSeconds, IReadOnlyList<int[]> Hits)
{
    public const int TopK = 10;
    public const int Passes = 3;
}
