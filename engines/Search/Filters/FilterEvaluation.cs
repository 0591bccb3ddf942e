using System.Text;

namespace RagPlatform.Search.Filters;

/// <summary>Which documents a filter lets through. Filters must have passed <see cref="FilterValidation"/>.</summary>
public static class FilterEvaluation
{
    /// <summary>The documents of a segment, as a new set of <see cref="FieldSegment.DocumentCount"/>.</summary>
    public static RowSet Documents(Filter filter, FieldSegment fields)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(fields);
        switch (filter)
        {
            case Filter.All all:
                var inAll = RowSet.All(fields.DocumentCount);
                foreach (var member in all.Filters)
                {
                    inAll.IntersectWith(Documents(member, fields));
                }

                return inAll;
            case Filter.Any any:
                var inAny = new RowSet(fields.DocumentCount);
                foreach (var member in any.Filters)
                {
                    inAny.UnionWith(Documents(member, fields));
                }

                return inAny;
            case Filter.Not not:
                return AllExcept(Documents(not.Inner, fields));
            case Filter.Exists { IsThere: false } absent:
                return AllExcept(Documents(absent with { IsThere = true }, fields));
            default:
                var found = new RowSet(fields.DocumentCount);
                if (fields.TryFind(ConditionTest.FieldOf(filter), out var column))
                {
                    AddHolding(filter, column, found);
                }

                return found;
        }
    }

    /// <summary>The same judgement of a document at hand.</summary>
    public static bool Holds(Filter filter, IndexedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return filter switch
        {
            Filter.All all => all.Filters.All(member => Holds(member, document)),
            Filter.Any any => any.Filters.Any(member => Holds(member, document)),
            Filter.Not not => !Holds(not.Inner, document),
            _ => ConditionTest.Holds(filter, DocumentFields.Find(document, ConditionTest.FieldOf(filter))),
        };
    }

    private static RowSet AllExcept(RowSet documents)
    {
        var others = RowSet.All(documents.Length);
        others.ExceptWith(documents);
        return others;
    }

    private static void AddHolding(Filter condition, FieldColumn column, RowSet found)
    {
        switch (condition)
        {
            case Filter.Exists:
                Add(column.AllDocuments, found);
                break;
            case Filter.EqualTo equal:
                AddEqual(equal.Value, column, found);
                break;
            case Filter.In anyOf:
                AddAnyOf(anyOf.Values, column, found);
                break;
            case Filter.Range range:
                AddWithin(ReadingRange.Of(range), column, found);
                break;
        }
    }

    private static void AddEqual(FilterValue wanted, FieldColumn column, RowSet found)
    {
        if (wanted is FilterValue.Text text)
        {
            AddText(text, column, found);
        }
        else
        {
            AddWithin(ReadingRange.Of(wanted), column, found);
        }
    }

    /// <summary>One pass over the column, however many numbers and dates there are to compare with.</summary>
    private static void AddAnyOf(IReadOnlyList<FilterValue> wanted, FieldColumn column, RowSet found)
    {
        foreach (var text in wanted.OfType<FilterValue.Text>())
        {
            AddText(text, column, found);
        }

        var numbers = wanted.OfType<FilterValue.Number>().Select(number => number.Value).ToHashSet();
        var dates = wanted.OfType<FilterValue.Date>().Select(date => date.Value.UtcTicks).ToHashSet();
        if (numbers.Count + dates.Count == 0)
        {
            return;
        }

        var readNumbers = column.Numbers;
        var readDates = column.Dates;
        for (var value = 0; value < column.ValueCount; value++)
        {
            if (numbers.Contains(readNumbers[value]) || dates.Contains(readDates[value]))
            {
                Add(column.Documents(value), found);
            }
        }
    }

    private static void AddText(FilterValue.Text wanted, FieldColumn column, RowSet found)
    {
        if (column.Find(Encoding.UTF8.GetBytes(wanted.Value)) is var value and >= 0)
        {
            Add(column.Documents(value), found);
        }
    }

    private static void AddWithin(ReadingRange range, FieldColumn column, RowSet found)
    {
        var numbers = column.Numbers;
        var dates = column.Dates;
        for (var value = 0; value < column.ValueCount; value++)
        {
            if (range.IsOfDates ? range.Contains(dates[value]) : range.Contains(numbers[value]))
            {
                Add(column.Documents(value), found);
            }
        }
    }

    private static void Add(ReadOnlySpan<int> documents, RowSet found)
    {
        foreach (var document in documents)
        {
            found.Add(document);
        }
    }
}
