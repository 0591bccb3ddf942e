using RagPlatform.Search.Lexical;

namespace RagPlatform.Generation.Tests.Hosting;

internal static class WordVectors
{
    public const int Dimension = 512;

    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions());

    public static float[] Of(string text)
    {
        var counts = new TermCounts();
        Analyzer.Analyze(text, counts);
        var vector = new float[Dimension];
        vector[0] = 0.01f;
        foreach (var (term, count) in counts)
        {
            vector[1 + (int)(Hash(term) % (Dimension - 1))] += count;
        }

        var norm = MathF.Sqrt(vector.Sum(value => value * value));
        return Array.ConvertAll(vector, value => value / norm);
    }

    public static double Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();

    /// <summary>FNV-1a: string.GetHashCode differs from run to run.</summary>
    private static uint Hash(string term) => term.Aggregate(2166136261u, (hash, character) => (hash ^ character) * 16777619u);
}
