namespace RagPlatform.Search.Fusion;

/// <summary>What each arm counts for in a query, together 1. An arm that counts for nothing need not be asked.</summary>
public readonly record struct ArmWeights(double Lexical, double Vector)
{
    public bool UsesLexical => Lexical > 0;

    public bool UsesVector => Vector > 0;

    public bool UsesBoth => UsesLexical && UsesVector;

    public static ArmWeights Of(SearchQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Fusion switch
        {
            FusionMethod.Lexical => new(1, 0),
            FusionMethod.Vector => new(0, 1),
            _ => new(1 - query.VectorWeight, query.VectorWeight),
        };
    }
}
