namespace RagPlatform.Search.Tests.Lexical;

internal static class RandomTexts
{
    /// <summary>Words "w0" to "w(vocabulary - 1)", the low ones common and the high ones rare, as in language.</summary>
    public static string Of(Random random, int maxWords, int vocabulary) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, maxWords + 1)).Select(_ => Word(random, vocabulary)));

    public static string Word(Random random, int vocabulary) => $"w{(int)(vocabulary * Math.Pow(random.NextDouble(), 3))}";
}
