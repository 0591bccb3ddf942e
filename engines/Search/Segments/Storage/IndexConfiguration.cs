using System.Text;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>What the files depend on, as a text that is kept with them.</summary>
internal static class IndexConfiguration
{
    /// <summary>Some of everything that analysis treats in a way of its own.</summary>
    private const string Sample = "The AppHost.cs of Straße 12 runs --distributed: naïve façades, 漢字かな交じり文, don't, C++, x86_64, 3.14, running ponies' HTTPServer2";

    public static string Of(CollectionIndexOptions options) => FormattableString.Invariant(
        $"dimension {options.Dimension}, title weight {options.TitleWeight}, heading weight {options.HeadingWeight}, language {options.Analyzer.Language}, stop words {ChecksumOf(options.Analyzer.StopWords):x8}, analysis {ChecksumOf(SampleTerms(options)):x8}");

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static void Check(CollectionIndexOptions options)
    {
        Check(options.Dimension, 1, 16_384, nameof(options.Dimension));
        Check(options.TitleWeight, 1, 16, nameof(options.TitleWeight));
        Check(options.HeadingWeight, 1, 16, nameof(options.HeadingWeight));
        Check(options.GraphLinks, 4, 64, nameof(options.GraphLinks));
        Check(options.GraphConstructionCandidates, 16, 1_000, nameof(options.GraphConstructionCandidates));
        Check(options.GraphFromChunks, 1, int.MaxValue, nameof(options.GraphFromChunks));
        Check(options.FlushChunks, 1, 1_000_000, nameof(options.FlushChunks));
    }

    private static void Check(int value, int least, int most, string option)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{option} is {value}; it must be {least} to {most}.", nameof(value));
        }
    }

    /// <summary>A program that analyses otherwise would ask for terms that the files do not have.</summary>
    private static IEnumerable<string> SampleTerms(CollectionIndexOptions options) =>
        ChunkTerms.Of(new TextAnalyzer(options.Analyzer), options, "", [], Sample).Indexes.Keys;

    private static uint ChecksumOf(IEnumerable<string> words) =>
        Checksum.Of(Encoding.UTF8.GetBytes(string.Join(' ', words.Order(StringComparer.Ordinal))));
}
