using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>Reads filters and says which points they let through. As in strict mode, every field must have a fitting index.</summary>
internal static partial class ServerFilter
{
    private const int MaxDepth = 16;

    /// <param name="indexes">The type of each indexed field.</param>
    public static Func<ServerPoint, bool> Read(JsonElement filter, IReadOnlyDictionary<string, string> indexes, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw Refusal.Format("filter", "recursion limit exceeded");
        }

        var body = new StrictObject(filter, "filter", "must", "should", "must_not");
        var (must, should, mustNot) = (Conditions(body, "must", indexes, depth), Conditions(body, "should", indexes, depth), Conditions(body, "must_not", indexes, depth));
        return point => must.All(holds => holds(point)) && (should.Count == 0 || should.Any(holds => holds(point))) && !mustNot.Any(holds => holds(point));
    }

    private static List<Func<ServerPoint, bool>> Conditions(StrictObject body, string name, IReadOnlyDictionary<string, string> indexes, int depth) =>
        body.Has(name) ? [.. body.List(name).Select(condition => Condition(condition, indexes, depth))] : [];

    private static Func<ServerPoint, bool> Condition(JsonElement condition, IReadOnlyDictionary<string, string> indexes, int depth)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Format("filter", "data did not match any variant of untagged enum Condition");
        }

        if (condition.TryGetProperty("has_id", out _))
        {
            var ids = new StrictObject(condition, "condition", "has_id").List("has_id").Select(id => StrictValues.Id(id, "has_id")).ToHashSet();
            return point => ids.Contains(point.Id);
        }

        if (condition.TryGetProperty("is_empty", out var empty) && empty.ValueKind == JsonValueKind.Object)
        {
            var key = Key(new StrictObject(new StrictObject(condition, "condition", "is_empty").Get("is_empty"), "is_empty", "key").Text("key"));
            RequireIndex(key, indexes, "keyword", "integer", "float", "datetime");
            return point => point.Values(key).Count == 0;
        }

        return condition.TryGetProperty("key", out _) ? Field(condition, indexes) : Read(condition, indexes, depth + 1);
    }

    private static Func<ServerPoint, bool> Field(JsonElement condition, IReadOnlyDictionary<string, string> indexes)
    {
        var body = new StrictObject(condition, "condition", "key", "match", "range");
        var key = Key(body.Text("key"));
        if (body.Has("match") == body.Has("range"))
        {
            throw Refusal.Validation("condition", "exactly one of match and range is understood here");
        }

        return body.Has("match") ? Match(key, body.Get("match"), indexes) : Range(key, body.Get("range"), indexes);
    }

    private static Func<ServerPoint, bool> Match(string key, JsonElement match, IReadOnlyDictionary<string, string> indexes)
    {
        var body = new StrictObject(match, "match", "value", "any");
        if (body.Has("value") == body.Has("any"))
        {
            throw Refusal.Format("match", "data did not match any variant of untagged enum Match");
        }

        RequireIndex(key, indexes, "keyword");
        HashSet<string> wanted = body.Has("value") ? [body.Text("value")] : [.. body.List("any").Select(item => item.GetString()!)];
        return point => point.Values(key).Any(value => value.ValueKind == JsonValueKind.String && wanted.Contains(value.GetString()!));
    }

    private static Func<ServerPoint, bool> Range(string key, JsonElement range, IReadOnlyDictionary<string, string> indexes)
    {
        var body = new StrictObject(range, "range", "gte", "gt", "lte", "lt");
        var bounds = new[] { "gte", "gt", "lte", "lt" }.Where(body.Has).Select(name => (Name: name, Value: body.Get(name))).ToList();
        if (bounds.TrueForAll(bound => bound.Value.ValueKind == JsonValueKind.Number))
        {
            RequireIndex(key, indexes, "float", "integer");
            var numbers = bounds.ConvertAll(bound => (bound.Name, Value: bound.Value.GetDouble()));
            return point => point.Values(key).Any(value => value.ValueKind == JsonValueKind.Number
                && numbers.TrueForAll(bound => IsWithin(value.GetDouble().CompareTo(bound.Value), bound.Name)));
        }

        if (!bounds.TrueForAll(bound => bound.Value.ValueKind == JsonValueKind.String))
        {
            throw Refusal.Format("range", "data did not match any variant of untagged enum RangeInterface");
        }

        RequireIndex(key, indexes, "datetime");
        var dates = bounds.ConvertAll(bound => (bound.Name, Value: DateTime(bound.Value.GetString()!) ?? throw Refusal.Format("range", "expected an RFC 3339 date-time")));
        return point => point.Values(key).Any(value => value.ValueKind == JsonValueKind.String && DateTime(value.GetString()!) is { } date
            && dates.TrueForAll(bound => IsWithin(date.CompareTo(bound.Value), bound.Name)));
    }

    private static bool IsWithin(int order, string bound) => bound switch { "gte" => order >= 0, "gt" => order > 0, "lte" => order <= 0, _ => order < 0 };

    /// <summary>In microseconds, as the index keeps it.</summary>
    private static long? DateTime(string text) =>
        DateExpression.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date) ? date.UtcTicks / TimeSpan.TicksPerMicrosecond : null;

    private static string Key(string key) => KeyExpression.IsMatch(key) ? key : throw Refusal.Format("key", $"Invalid json path: '{key}'");

    private static void RequireIndex(string key, IReadOnlyDictionary<string, string> indexes, params string[] types)
    {
        if (!indexes.TryGetValue(key, out var type) || !types.Contains(type))
        {
            throw Refusal.NoIndex(key, string.Join(", ", types));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyExpression { get; }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DateExpression { get; }
}
