using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>All of must, at least one of should if there are any, none of must_not.</summary>
internal sealed record QdrantFilter(
    IReadOnlyList<QdrantCondition>? Must = null, IReadOnlyList<QdrantCondition>? Should = null, IReadOnlyList<QdrantCondition>? MustNot = null);

/// <summary>
/// One of the API's conditions: a field's (key with match, range or is_empty), has_id, or a filter in a filter. What a
/// condition does not use stays null and is not written.
/// </summary>
internal sealed record QdrantCondition
{
    public string? Key { get; init; }

    public MatchCondition? Match { get; init; }

    public RangeCondition? Range { get; init; }

    /// <summary>The field is missing, null or [].</summary>
    public PayloadField? IsEmpty { get; init; }

    public IReadOnlyList<Guid>? HasId { get; init; }

    public IReadOnlyList<QdrantCondition>? Must { get; init; }

    public IReadOnlyList<QdrantCondition>? Should { get; init; }

    public IReadOnlyList<QdrantCondition>? MustNot { get; init; }

    public static QdrantCondition Is(string key, string value) => new() { Key = key, Match = new MatchCondition(value, null) };

    public static QdrantCondition IsAnyOf(string key, IReadOnlyList<string> values) => new() { Key = key, Match = new MatchCondition(null, values) };

    public static QdrantCondition Lacks(string key) => new() { IsEmpty = new PayloadField(key) };

    public static QdrantCondition HasAnyId(IReadOnlyList<Guid> ids) => new() { HasId = ids };
}

internal sealed record PayloadField(string Key);

/// <summary>One of the two.</summary>
internal sealed record MatchCondition(string? Value, IReadOnlyList<string>? Any);

/// <summary>Numbers, or RFC 3339 date-times; the API tells them apart by their JSON type.</summary>
internal sealed record RangeCondition(
    [property: JsonPropertyName("gte")] JsonValue? AtLeast, [property: JsonPropertyName("gt")] JsonValue? MoreThan,
    [property: JsonPropertyName("lte")] JsonValue? AtMost, [property: JsonPropertyName("lt")] JsonValue? LessThan);
