using System.Text;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>What of the options the files depend on, as a text that is kept with them.</summary>
internal static class IndexConfiguration
{
    public static string Of(CollectionIndexOptions options)
    {
        var stopWords = string.Join(' ', options.Analyzer.StopWords.Order(StringComparer.Ordinal));
        return FormattableString.Invariant(
            $"dimension {options.Dimension}, title weight {options.TitleWeight}, heading weight {options.HeadingWeight}, English stemming {(options.Analyzer.StemEnglish ? "on" : "off")}, stop words {Checksum.Of(Encoding.UTF8.GetBytes(stopWords)):x8}");
    }
}
