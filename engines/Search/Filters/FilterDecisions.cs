namespace RagPlatform.Search.Filters;

/// <summary>Explains a filter for one document, condition by condition.</summary>
public static class FilterDecisions
{
    /// <summary>Every condition in the filter's order; one under a negation is told, and decided, negated.</summary>
    /// <param name="filter">Null: no conditions.</param>
    public static IReadOnlyList<FilterDecision> Of(Filter? filter, IndexedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var decisions = new List<FilterDecision>();
        if (filter is not null)
        {
            Add(filter, negated: false, document, decisions);
        }

        return decisions;
    }

    private static void Add(Filter filter, bool negated, IndexedDocument document, List<FilterDecision> decisions)
    {
        switch (filter)
        {
            case Filter.All all:
                AddAll(all.Filters, negated, document, decisions);
                break;
            case Filter.Any any:
                AddAll(any.Filters, negated, document, decisions);
                break;
            case Filter.Not not:
                Add(not.Inner, !negated, document, decisions);
                break;
            default:
                var value = DocumentFields.Find(document, ConditionTest.FieldOf(filter));
                decisions.Add(new FilterDecision(FilterText.Of(filter, negated), value ?? "", ConditionTest.Holds(filter, value) != negated));
                break;
        }
    }

    private static void AddAll(IReadOnlyList<Filter> filters, bool negated, IndexedDocument document, List<FilterDecision> decisions)
    {
        foreach (var member in filters)
        {
            Add(member, negated, document, decisions);
        }
    }
}
