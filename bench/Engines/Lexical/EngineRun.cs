namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>What one engine did with the data, on one thread.</summary>
/// <param name="Hits">The rows of the ten best chunks of each question.</param>
/// <param name="BuildSeconds">From tokens to an index that is complete on disk.</param>
/// <param name="SearchSeconds">All questions, each once, after some to warm up.</param>
/// <param name="SearchCpuSeconds">The processor time of that; less than the above by what other programs took.</param>
internal sealed record EngineRun(
    string Engine, double BuildSeconds, long IndexBytes, double SearchSeconds, double SearchCpuSeconds, IReadOnlyList<int[]> Hits)
{
    public const int TopK = 10;
}
