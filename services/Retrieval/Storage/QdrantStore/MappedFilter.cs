using System.Text.Json.Nodes;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// A filter in Qdrant's terms, or that it holds for every document or for none. What is decided here is never sent, so
/// that nothing rests on what the server makes of an empty list or of a field it has never seen.
/// </summary>
/// <param name="Constant">Null: the condition decides.</param>
internal readonly record struct MappedFilter(bool? Constant, QdrantCondition? Condition)
{
    /// <param name="filter">Null holds for every document.</param>
    /// <param name="isHeld">Whether any document may have this field of the payload.</param>
    public static MappedFilter Of(Filter? filter, Func<string, bool> isHeld) => filter switch
    {
        null => true,
        Filter.All all => All(all.Filters.Select(member => Of(member, isHeld))),
        Filter.Any any => Any(any.Filters.Select(member => Of(member, isHeld))),
        Filter.Not not => Not(Of(not.Inner, isHeld)),
        Filter.EqualTo equal => Equal(equal.Field, equal.Value, isHeld),
        Filter.In anyOf => In(anyOf, isHeld),
        Filter.Range range => Range(range, isHeld),
        Filter.Exists exists => exists.IsThere ? Exists(exists.Field, isHeld) : Not(Exists(exists.Field, isHeld)),
        _ => throw new ArgumentException($"{filter.GetType().Name} is no filter.", nameof(filter)),
    };

    public static implicit operator MappedFilter(bool constant) => new(constant, null);

    public static implicit operator MappedFilter(QdrantCondition condition) => new(null, condition);

    private static MappedFilter All(IEnumerable<MappedFilter> members)
    {
        var conditions = new List<QdrantCondition>();
        foreach (var member in members)
        {
            if (member.Constant == false)
            {
                return false;
            }

            Add(member, conditions);
        }

        return conditions.Count switch { 0 => true, 1 => conditions[0], _ => new QdrantCondition { Must = conditions } };
    }

    private static MappedFilter Any(IEnumerable<MappedFilter> members)
    {
        var conditions = new List<QdrantCondition>();
        foreach (var member in members)
        {
            if (member.Constant == true)
            {
                return true;
            }

            Add(member, conditions);
        }

        return conditions.Count switch { 0 => false, 1 => conditions[0], _ => new QdrantCondition { Should = conditions } };
    }

    private static MappedFilter Not(MappedFilter inner) =>
        inner.Condition is { } condition ? new QdrantCondition { MustNot = [condition] } : !inner.Constant!.Value;

    private static void Add(MappedFilter member, List<QdrantCondition> conditions)
    {
        if (member.Condition is { } condition)
        {
            conditions.Add(condition);
        }
    }

    private static MappedFilter Exists(string field, Func<string, bool> isHeld) =>
        PayloadFields.IsBuiltIn(field) ? true : isHeld(PayloadFields.Text(field)) ? Not(QdrantCondition.Lacks(PayloadFields.Text(field))) : false;

    private static MappedFilter In(Filter.In anyOf, Func<string, bool> isHeld)
    {
        var texts = anyOf.Values.OfType<FilterValue.Text>().Select(text => text.Value).Distinct(StringComparer.Ordinal).ToList();
        var others = anyOf.Values.Where(value => value is not FilterValue.Text).Select(value => Equal(anyOf.Field, value, isHeld));
        return Any(texts.Count > 0 && isHeld(PayloadFields.Text(anyOf.Field)) ? others.Prepend(QdrantCondition.IsAnyOf(PayloadFields.Text(anyOf.Field), texts)) : others);
    }

    private static MappedFilter Equal(string field, FilterValue value, Func<string, bool> isHeld) =>
        value is FilterValue.Text text
            ? isHeld(PayloadFields.Text(field)) ? QdrantCondition.Is(PayloadFields.Text(field), text.Value) : false
            : Range(new Filter.Range(field, value, null, value, null), isHeld);

    private static MappedFilter Range(Filter.Range range, Func<string, bool> isHeld)
    {
        if (IsBeyondLastDate(range.AtLeast))
        {
            return false;
        }

        if (IsBeyondLastDate(range.LessThan))
        {
            range = range with { LessThan = null, AtMost = range.AtMost ?? range.LessThan };
        }

        FilterValue?[] bounds = [range.AtLeast, range.MoreThan, range.AtMost, range.LessThan];
        var key = bounds.Any(bound => bound is FilterValue.Date) ? PayloadFields.Date(range.Field) : PayloadFields.Number(range.Field);
        return isHeld(key)
            ? new QdrantCondition
            {
                Key = key,
                // Dates in the payload are whole microseconds: this rounding of the bounds keeps every comparison what it is.
                Range = new RangeCondition(
                    Bound(range.AtLeast, PayloadFields.FormatUp), Bound(range.MoreThan, PayloadFields.FormatDown),
                    Bound(range.AtMost, PayloadFields.FormatDown), Bound(range.LessThan, PayloadFields.FormatUp)),
            }
            : false;
    }

    /// <summary>Has no whole microsecond at or after.</summary>
    private static bool IsBeyondLastDate(FilterValue? bound) => bound is FilterValue.Date date && date.Value.UtcTicks > PayloadFields.LastDateTicks;

    private static JsonValue? Bound(FilterValue? bound, Func<long, string> format) => bound switch
    {
        null => null,
        FilterValue.Number number => JsonValue.Create(number.Value),
        FilterValue.Date date => JsonValue.Create(format(date.Value.UtcTicks)),
        _ => throw new ArgumentException($"A {bound.GetType().Name} is no bound.", nameof(bound)),
    };
}
