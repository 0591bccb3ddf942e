using Google.Protobuf.WellKnownTypes;
using Search = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Client;

internal static class FilterMapping
{
    public static Search.Filter ToRequest(this Filter filter) => filter switch
    {
        Filter.All all => new() { All = new() { Filters = { all.Filters.Select(ToRequest) } } },
        Filter.Any any => new() { Any = new() { Filters = { any.Filters.Select(ToRequest) } } },
        Filter.Not not => new() { Not = not.Inner.ToRequest() },
        Filter.EqualTo equal => new() { Condition = new() { Field = equal.Field, Equals_ = equal.Value.ToRequest() } },
        Filter.In list => new() { Condition = new() { Field = list.Field, In = new() { Values = { list.Values.Select(ToRequest) } } } },
        Filter.Exists exists => new() { Condition = new() { Field = exists.Field, Exists = exists.IsThere } },
        Filter.Range range => new()
        {
            Condition = new()
            {
                Field = range.Field,
                Range = new()
                {
                    AtLeast = range.AtLeast?.ToRequest(),
                    MoreThan = range.MoreThan?.ToRequest(),
                    AtMost = range.AtMost?.ToRequest(),
                    LessThan = range.LessThan?.ToRequest(),
                },
            },
        },
        _ => throw new InvalidOperationException($"{filter.GetType().Name} has no request."),
    };

    private static Search.FilterValue ToRequest(this FilterValue value) => value switch
    {
        FilterValue.Text text => new() { Text = text.Value },
        FilterValue.Number number => new() { Number = number.Value },
        FilterValue.Date date => new() { Date = date.Value.ToTimestamp() },
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no request."),
    };
}
