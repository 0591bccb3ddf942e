using Google.Protobuf.WellKnownTypes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Search.Filters;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Retrieval.Features;

/// <summary>A request's filter as the engine takes it. Failures name the part at fault by its path, e.g. "filter.all.filters[1].condition.range".</summary>
internal static class FilterMapping
{
    /// <summary>Null if there is none.</summary>
    /// <exception cref="ServiceException">Names what is wrong.</exception>
    public static Filter? ToFilter(this Proto.Filter? filter)
    {
        if (filter is null)
        {
            return null;
        }

        var mapped = ToFilter(filter, "filter");
        try
        {
            FilterValidation.Check(mapped);
        }
        catch (FilterException exception)
        {
            throw RetrievalErrors.FilterInvalid(exception.Path, exception.Reason);
        }

        return mapped;
    }

    private static Filter ToFilter(Proto.Filter filter, string path) => filter.KindCase switch
    {
        Proto.Filter.KindOneofCase.All => new Filter.All(ToFilters(filter.All, $"{path}.all")),
        Proto.Filter.KindOneofCase.Any => new Filter.Any(ToFilters(filter.Any, $"{path}.any")),
        Proto.Filter.KindOneofCase.Not => new Filter.Not(ToFilter(filter.Not, $"{path}.not")),
        Proto.Filter.KindOneofCase.Condition => ToFilter(filter.Condition, $"{path}.condition"),
        _ => throw RetrievalErrors.FilterInvalid(path, "it says nothing; set all, any, not or condition."),
    };

    private static Filter[] ToFilters(Proto.FilterList list, string path) => [.. list.Filters.Select((inner, i) => ToFilter(inner, $"{path}.filters[{i}]"))];

    private static Filter ToFilter(Proto.Condition condition, string path) => condition.TestCase switch
    {
        Proto.Condition.TestOneofCase.Equals_ => new Filter.EqualTo(condition.Field, ToValue(condition.Equals_, $"{path}.equals")),
        Proto.Condition.TestOneofCase.In =>
            new Filter.In(condition.Field, [.. condition.In.Values.Select((value, i) => ToValue(value, $"{path}.in.values[{i}]"))]),
        Proto.Condition.TestOneofCase.Range => new Filter.Range(
            condition.Field, ToBound(condition.Range.AtLeast, $"{path}.range.at_least"), ToBound(condition.Range.MoreThan, $"{path}.range.more_than"),
            ToBound(condition.Range.AtMost, $"{path}.range.at_most"), ToBound(condition.Range.LessThan, $"{path}.range.less_than")),
        Proto.Condition.TestOneofCase.Exists => new Filter.Exists(condition.Field, condition.Exists),
        _ => throw RetrievalErrors.FilterInvalid(path, "it tests nothing; set equals, in, range or exists."),
    };

    private static FilterValue? ToBound(Proto.FilterValue? bound, string path) => bound is null ? null : ToValue(bound, path);

    private static FilterValue ToValue(Proto.FilterValue value, string path) => value.ValueCase switch
    {
        Proto.FilterValue.ValueOneofCase.Text => new FilterValue.Text(value.Text),
        Proto.FilterValue.ValueOneofCase.Number => new FilterValue.Number(value.Number),
        Proto.FilterValue.ValueOneofCase.Date => new FilterValue.Date(ToDate(value.Date, path)),
        _ => throw RetrievalErrors.FilterInvalid(path, "it is empty; set text, number or date."),
    };

    private static DateTimeOffset ToDate(Timestamp date, string path)
    {
        try
        {
            return date.ToDateTimeOffset();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw RetrievalErrors.FilterInvalid(path, $"{date.Seconds} seconds and {date.Nanos} nanoseconds are no date from year 1 to 9999.");
        }
    }
}
