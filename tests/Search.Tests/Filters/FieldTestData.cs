using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

/// <summary>Documents and filters that meet often: few fields, few values, the same instants and numbers written differently.</summary>
internal static class FieldTestData
{
    public static readonly string[] Fields = ["year", "day", "lang", "Ünïcödé", BuiltInFields.DocumentId, BuiltInFields.Title, BuiltInFields.Uri, "nobody's"];

    private static readonly string[] Texts =
    [
        "", "en", "EN", "de", "été", "😀", "2020", "2020.0", "2.02e3", " 2020", "-1", "-1.0", "1e999", "NaN", "0x10", "1,5", "2024-02-29", "2024-02-30",
        "2024-02-29T00:00:00Z", "2024-02-29T02:00:00+02:00", "2024-02-28T23:00:00-01:00", "2024-02-29T12:30", "2024-02-29T12:30:00.0000000001", "2023-12-31T23:59:59",
    ];

    private static readonly double[] Numbers = [-1, 0, 1.5, 2020, 2021];

    private static readonly DateTimeOffset[] Dates =
    [
        new(2024, 2, 29, 0, 0, 0, TimeSpan.Zero), new(2024, 2, 29, 14, 30, 0, TimeSpan.FromHours(2)), new(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
    ];

    public static IndexedDocument Document(string id, params (string Key, string Value)[] metadata) =>
        new(id, 1, $"Title {id}", $"file:///{id}", metadata.ToDictionary(entry => entry.Key, entry => entry.Value), []);

    public static Gen<IndexedDocument[]> SomeDocuments { get; } =
        from count in Gen.Choose(0, 70)
        from entries in Gen.ArrayOf(Metadata(), count)
        select entries.Select((metadata, i) => new IndexedDocument($"d{i}", 1, Texts[i % 3], "", metadata, [])).ToArray();

    public static Gen<Filter> SomeFilter(int depth)
    {
        var condition = Gen.OneOf(
            from field in Gen.Elements(Fields) from value in SomeValue() select (Filter)new Filter.EqualTo(field, value),
            from field in Gen.Elements(Fields) from count in Gen.Choose(1, 4) from values in Gen.ArrayOf(SomeValue(), count) select (Filter)new Filter.In(field, values),
            SomeRange(Gen.Elements(Numbers).Select(number => (FilterValue)new FilterValue.Number(number))),
            SomeRange(Gen.Elements(Dates).Select(date => (FilterValue)new FilterValue.Date(date))),
            from field in Gen.Elements(Fields) from isThere in Gen.Elements(true, false) select (Filter)new Filter.Exists(field, isThere));
        if (depth == 1)
        {
            return condition;
        }

        var inner = SomeFilter(depth - 1);
        var list = from count in Gen.Choose(0, 3) from filters in Gen.ArrayOf(inner, count) select filters;
        return Gen.OneOf(
            condition,
            list.Select(filters => (Filter)new Filter.All(filters)),
            list.Select(filters => (Filter)new Filter.Any(filters)),
            inner.Select(filter => (Filter)new Filter.Not(filter)));
    }

    private static Gen<FilterValue> SomeValue() => Gen.OneOf(
        Gen.Elements(Texts).Select(text => (FilterValue)new FilterValue.Text(text)),
        Gen.Elements(Numbers).Select(number => (FilterValue)new FilterValue.Number(number)),
        Gen.Elements(Dates).Select(date => (FilterValue)new FilterValue.Date(date)));

    private static Gen<Filter> SomeRange(Gen<FilterValue> value) =>
        from field in Gen.Elements(Fields)
        from bounds in Gen.ArrayOf(value, 4)
        from given in Gen.Choose(1, 15)
        select (Filter)new Filter.Range(
            field, (given & 1) != 0 ? bounds[0] : null, (given & 2) != 0 ? bounds[1] : null, (given & 4) != 0 ? bounds[2] : null, (given & 8) != 0 ? bounds[3] : null);

    private static Gen<Dictionary<string, string>> Metadata() =>
        from has in Gen.Choose(0, 255)
        from values in Gen.ArrayOf(Gen.Elements(Texts), 8)
        select Enumerable.Range(0, Fields.Length).Where(i => (has & (1 << i)) != 0 && i != 7).ToDictionary(i => Fields[i], i => values[i]);
}
