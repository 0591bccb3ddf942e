namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>What a specialist can learn of a dataset's outputs, and what it cannot.</summary>
/// <param name="Fields">In the outputs' order.</param>
/// <param name="NotLearnable">One sentence each: what is left out or learnt only in part, and why.</param>
/// <param name="JsonSchema">Draft 2020-12; every output obeys it. Empty where nothing can be learnt.</param>
public sealed record InferredSchema(IReadOnlyList<InferredField> Fields, IReadOnlyList<string> NotLearnable, string JsonSchema)
{
    /// <summary>The assistant's messages are the labels themselves, without JSON; the specialist's output is their JSON string.</summary>
    public bool IsPlainText { get; init; }

    /// <summary>Null where nothing can be learnt.</summary>
    internal OutputNode? Root { get; init; }
}

/// <param name="Name">Path, such as slots[].name; "$" for an output that is a single value.</param>
/// <param name="Kind">constant, label, labels, span, entities, number or boolean.</param>
/// <param name="Values">Of a closed set, strings without quotes; else empty.</param>
/// <param name="IsOptional">Absent or null in some examples.</param>
public sealed record InferredField(string Name, string Kind, IReadOnlyList<string> Values, bool IsOptional);
