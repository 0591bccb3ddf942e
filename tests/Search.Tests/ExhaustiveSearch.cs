using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Tests.Filters;

namespace RagPlatform.Search.Tests;

/// <summary>What a hybrid search must find: every allowed chunk is scored by both arms, the candidates are the best of each.</summary>
internal static class ExhaustiveSearch
{
    /// <returns>Best first, without a limit but that per document.</returns>
    public static List<(string ChunkId, double Score)> Run(IndexSnapshot snapshot, SearchQuery query, CollectionIndexOptions options)
    {
        var weights = ArmWeights.Of(query);
        var bound = BoundLexicalQuery.Bind(
            LexicalQuery.Parse(query.Text, new TextAnalyzer(options.Analyzer), query.Syntax, query.TypoTolerance),
            [.. snapshot.Segments.Select(view => view.Segment.Lexical)], options.Bm25, snapshot.LiveChunks, snapshot.MeanLength);
        var all = new List<(string ChunkId, string DocumentId, float Lexical, float Cosine)>();
        for (var number = 0; number < snapshot.Segments.Count; number++)
        {
            var (view, documents) = (snapshot.Segments[number], snapshot.Segments[number].Segment.Documents);
            foreach (var row in view.Live)
            {
                var document = documents.Document(documents.DocumentOf(row));
                if (query.Filter is null || NaiveFilter.Holds(query.Filter, document))
                {
                    var cosine = TestVectors.Dot(view.Segment.Vectors.Vector(row).ToArray(), query.Vector.ToArray());
                    all.Add((documents.ChunkIdOf(row), document.DocumentId, bound.Score(number, row), (float)cosine));
                }
            }
        }

        var lexical = weights.UsesLexical ? all.Where(chunk => chunk.Lexical > 0).OrderByDescending(chunk => chunk.Lexical).Take(query.Candidates)
            .OrderByDescending(chunk => chunk.Lexical).ThenBy(chunk => chunk.ChunkId, StringComparer.Ordinal).ToArray() : [];
        var vectors = weights.UsesVector ? all.OrderByDescending(chunk => chunk.Cosine).Take(query.Candidates).ToArray() : [];
        var candidates = lexical.Union(vectors).ToArray();
        var scored = candidates.Select(chunk => query.Fusion == FusionMethod.ReciprocalRank
            ? new Scored(chunk.ChunkId, chunk.DocumentId, Reciprocal(weights.Lexical, Array.IndexOf(lexical, chunk)), Reciprocal(weights.Vector, Array.IndexOf(vectors, chunk)))
            : new Scored(
                chunk.ChunkId,
                chunk.DocumentId,
                weights.Lexical * Stretched(chunk.Lexical, candidates.Select(other => other.Lexical), includesZero: lexical.Length < query.Candidates),
                weights.Vector * Stretched(chunk.Cosine, candidates.Select(other => other.Cosine), includesZero: false)));
        return
        [
            .. Sorted(Sorted(scored).GroupBy(chunk => chunk.DocumentId).SelectMany(group => query.MaxChunksPerDocument == 1
                ? [group.First() with { Lexical = group.Max(chunk => chunk.Lexical), Vector = group.Max(chunk => chunk.Vector) }]
                : group.Take(query.MaxChunksPerDocument ?? int.MaxValue)))
            .Select(chunk => (chunk.ChunkId, chunk.Sum)),
        ];
    }

    private static IEnumerable<Scored> Sorted(IEnumerable<Scored> chunks) =>
        chunks.OrderByDescending(chunk => chunk.Sum).ThenBy(chunk => chunk.ChunkId, StringComparer.Ordinal);

    private static double Reciprocal(double weight, int index) => index < 0 ? 0 : weight / (61 + index);

    private static double Stretched(float score, IEnumerable<float> scores, bool includesZero)
    {
        var range = scores.ToList();
        var min = includesZero ? 0 : range.Min();
        return range.Max() > min ? (score - min) / (double)(range.Max() - min) : score > 0 ? 1 : 0;
    }

    /// <param name="Lexical">Weighted; likewise <paramref name="Vector"/>.</param>
    private readonly record struct Scored(string ChunkId, string DocumentId, double Lexical, double Vector)
    {
        public double Sum => Lexical + Vector;
    }
}
