using System.Text.Json;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

/// <summary>What Qdrant makes of a mapped filter is what the engine makes of the filter itself.</summary>
public sealed class MappedFilterTests
{
    private const int Filters = 800;
    private const int Documents = 40;

    private static readonly string[] Fields = ["team", "year", "größe.\"x\"[0]", "at", "team ", "Team", "never", "title", "uri", "document_id", "-0074eam"];

    private static readonly string[] Texts =
    [
        "", "x", "X", "x ", "2020", "2020.0", "2.02e3", "-1", "0", "-0", "1e308", "1e999", "NaN", "0x10", "1,5", "unknown", "ä", "a\u0308", "\"quoted\" \\ 𝄞",
        "2026-01-15", "2026-01-15T00:00", "2026-01-15T00:00:00Z", "2026-01-15T02:00:00+02:00", "2026-01-14T23:59:59.999999Z", "2026-01-15T00:00:00.000001Z",
        "2026-13-01", "0001-01-01", "9999-12-31T23:59:59.999999Z", "doc3", "Title doc4", "file:///doc5",
    ];

    private static readonly double[] Numbers = [0, -1, 2020, 2019.999, 1e308, 1.5, -0.0, 16];

    private static readonly DateTimeOffset[] Dates =
    [
        new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 15, 2, 0, 0, TimeSpan.FromHours(2)),
        new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero).AddTicks(1), new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero).AddTicks(-1),
        DateTimeOffset.MinValue, DateTimeOffset.MaxValue,
    ];

    [Fact]
    public void Of_RandomFilters_LetThroughWhatTheEngineLetsThrough()
    {
        var random = new Random(20);
        var documents = Enumerable.Range(0, Documents).Select(i => Document(random, i)).ToList();
        var points = documents.ConvertAll(Point);
        var indexes = points.SelectMany(point => point.Payload.EnumerateObject()).Select(field => field.Name).Append("tenant").Distinct(StringComparer.Ordinal)
            .ToDictionary(field => field, field => PayloadFields.Schema(field).Type, StringComparer.Ordinal);
        var (constant, some) = (0, 0);
        for (var i = 0; i < Filters; i++)
        {
            var filter = RandomFilter(random, depth: 0);
            var expected = documents.Where(document => FilterEvaluation.Holds(filter, document)).Select(document => document.DocumentId).ToList();

            var mapped = MappedFilter.Of(filter, indexes.ContainsKey);
            var holds = Evaluate(mapped, indexes);

            points.Where(holds).Select(point => point.Payload.GetProperty("document_id").GetString()!).ShouldBe(expected, filter.ToString());
            constant += mapped.Constant is null ? 0 : 1;
            some += expected.Count is > 0 and < Documents ? 1 : 0;
        }

        // The generator reaches what it is for.
        constant.ShouldBeInRange(Filters / 50, Filters / 2);
        some.ShouldBeGreaterThan(Filters / 4);
    }

    private static Func<ServerPoint, bool> Evaluate(MappedFilter mapped, Dictionary<string, string> indexes)
    {
        if (mapped.Constant is { } constant)
        {
            return _ => constant;
        }

        // Every way that the store sends it: in the scope of its tenant and kind.
        var filter = new IndexScope(Tenant.Require("acme")).Chunks(mapped.Condition!);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(new DeletePoints(null, filter), QdrantJson.Default.DeletePoints));
        return ServerFilter.Read(json.RootElement.GetProperty("filter"), indexes);
    }

    private static ServerPoint Point(IndexedDocument document)
    {
        var weights = new TermWeights(new CollectionIndexOptions { Dimension = IndexedDocuments.Dimension }, new TermWeighing(1.2f, 0.75f, 3, 1, 128, ""));
        var point = PointMapping.ChunkPoint(new IndexScope(Tenant.Require("acme")), document, document.Chunks[0], "revision", PayloadFields.Of(document), weights);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(new UpsertPoints([point]), QdrantJson.Default.UpsertPoints));
        return new ServerPoint(point.Id, new Dictionary<string, float[]>(), new Dictionary<string, IReadOnlyDictionary<uint, float>>(), json.RootElement.GetProperty("points")[0].GetProperty("payload").Clone());
    }

    private static IndexedDocument Document(Random random, int number)
    {
        var fields = Fields.Where(field => field != "never" && random.Next(3) > 0);
        return IndexedDocuments.Create($"doc{number}", 1, 1, [.. fields.Select(field => (field, Texts[random.Next(Texts.Length)]))]) with
        {
            Title = random.Next(2) == 0 ? Texts[random.Next(Texts.Length)] : $"Title doc{number}",
        };
    }

    private static Filter RandomFilter(Random random, int depth) => random.Next(depth < 3 ? 9 : 6) switch
    {
        0 or 1 => new Filter.EqualTo(Field(random), Value(random)),
        2 => new Filter.In(Field(random), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(random))]),
        3 or 4 => Range(random),
        5 => new Filter.Exists(Field(random), random.Next(2) == 0),
        6 => new Filter.All([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomFilter(random, depth + 1))]),
        7 => new Filter.Any([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomFilter(random, depth + 1))]),
        _ => new Filter.Not(RandomFilter(random, depth + 1)),
    };

    private static Filter.Range Range(Random random)
    {
        var isDate = random.Next(2) == 0;
        FilterValue?[] bounds = [null, null, null, null];
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            bounds[random.Next(4)] = isDate ? Date(random) : Number(random);
        }

        return new Filter.Range(Field(random), bounds[0], bounds[1], bounds[2], bounds[3]);
    }

    private static string Field(Random random) => Fields[random.Next(Fields.Length)];

    private static FilterValue Value(Random random) => random.Next(4) switch { 0 => Number(random), 1 => Date(random), _ => new FilterValue.Text(Texts[random.Next(Texts.Length)]) };

    private static FilterValue.Number Number(Random random) => new(Numbers[random.Next(Numbers.Length)]);

    private static FilterValue.Date Date(Random random) => new(Dates[random.Next(Dates.Length)]);
}
