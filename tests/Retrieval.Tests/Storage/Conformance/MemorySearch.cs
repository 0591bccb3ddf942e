using System.Globalization;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

/// <summary>Scores every chunk: the share of the query's words that it holds, and its cosine, as a weighted sum.</summary>
internal static class MemorySearch
{
    private const string Separators = " .,";

    public static SearchResult Run(IEnumerable<IndexedDocument> documents, SearchQuery query)
    {
        var words = Words(query.Text);
        var weight = query.Fusion switch { FusionMethod.Lexical => 0, FusionMethod.Vector => 1, _ => query.VectorWeight };
        var perDocument = new Dictionary<string, int>(StringComparer.Ordinal);
        var hits =
            from document in documents
            where query.Filter is null || Holds(query.Filter, document)
            from chunk in document.Chunks
            let matched = Words($"{document.Title} {chunk.Text}").Intersect(words).ToList()
            let cosine = query.Vector.IsEmpty ? 0 : chunk.Vector.ToArray().Zip(query.Vector.ToArray()).Sum(pair => pair.First * pair.Second)
            where weight > 0 || matched.Count > 0
            let lexicalPart = (1 - weight) * matched.Count / Math.Max(1, words.Count)
            let vectorPart = weight * (cosine + 1) / 2
            orderby lexicalPart + vectorPart descending, chunk.ChunkId
            select new SearchHit(document with { Chunks = [] }, chunk, lexicalPart + vectorPart, matched.Count, cosine,
                query.Explain ? Explain(document, query.Filter, matched, lexicalPart, vectorPart) : null);
        return new SearchResult(
            [.. hits.Where(hit => (perDocument[hit.Document.DocumentId] = perDocument.GetValueOrDefault(hit.Document.DocumentId) + 1) <= (query.MaxChunksPerDocument ?? int.MaxValue)).Take(query.TopK)],
            default);
    }

    public static bool Holds(Filter filter, IndexedDocument document) => filter switch
    {
        Filter.All all => all.Filters.All(inner => Holds(inner, document)),
        Filter.Any any => any.Filters.Any(inner => Holds(inner, document)),
        Filter.Not not => !Holds(not.Inner, document),
        Filter.EqualTo equal => Read(document, equal.Field, equal.Value) is { } value && value.CompareTo(Value(equal.Value)) == 0,
        Filter.In many => many.Values.Any(value => Holds(new Filter.EqualTo(many.Field, value), document)),
        Filter.Range range => Holds(range, document),
        Filter.Exists exists => Field(document, exists.Field) is not null == exists.IsThere,
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private static bool Holds(Filter.Range range, IndexedDocument document)
    {
        return Bound(range.AtLeast, order => order >= 0) && Bound(range.MoreThan, order => order > 0)
            && Bound(range.AtMost, order => order <= 0) && Bound(range.LessThan, order => order < 0);

        bool Bound(FilterValue? bound, Func<int, bool> test) =>
            bound is null || (Read(document, range.Field, bound) is { } value && test(value.CompareTo(Value(bound))));
    }

    private static Explanation Explain(IndexedDocument document, Filter? filter, List<string> matched, double lexicalPart, double vectorPart) => new(
        new ArmExplanation(1, matched.Count, lexicalPart, 1, lexicalPart), new ArmExplanation(1, vectorPart, vectorPart, 1, vectorPart),
        [.. matched.Select(word => new MatchedTerm(word, word, 1, 1, 1))], 0, 0,
        filter is Filter.Range range ? [new FilterDecision(range.Field, Field(document, range.Field) ?? "", Holds(range, document))] : [], 0, "exact");

    private static string? Field(IndexedDocument document, string field) => field switch
    {
        BuiltInFields.DocumentId => document.DocumentId,
        BuiltInFields.Title => document.Title,
        BuiltInFields.Uri => document.Uri,
        _ => document.Metadata.GetValueOrDefault(field),
    };

    /// <summary>The document's field as the type of what it is compared with; null if it does not read as one.</summary>
    private static IComparable? Read(IndexedDocument document, string field, FilterValue like) => (like, Field(document, field)) switch
    {
        (_, null) => null,
        (FilterValue.Text, var text) => text,
        (FilterValue.Number, var text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        (_, var text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null,
    };

    private static IComparable Value(FilterValue value) => value switch
    {
        FilterValue.Text text => text.Value,
        FilterValue.Number number => number.Value,
        FilterValue.Date date => date.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static List<string> Words(string text) =>
        [.. text.ToLowerInvariant().Split(Separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
