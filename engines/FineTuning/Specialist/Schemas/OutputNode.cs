using System.Text.Json.Serialization;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>One place of the outputs: how its value is made, and what it can be. Values are compact JSON texts.</summary>
/// <param name="Path">From the root, such as "slots[].name"; empty for the root.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantNode), "constant")]
[JsonDerivedType(typeof(LabelNode), "label")]
[JsonDerivedType(typeof(LabelsNode), "labels")]
[JsonDerivedType(typeof(SpanNode), "span")]
[JsonDerivedType(typeof(EntitiesNode), "entities")]
[JsonDerivedType(typeof(ObjectNode), "object")]
internal abstract record OutputNode(string Path)
{
    /// <summary>Stands among values for a key that is not there: no JSON text is empty.</summary>
    public const string Absent = "";

    public const string Null = "null";
}

/// <summary>The same in every example.</summary>
/// <param name="Path">From the root.</param>
/// <param name="Value">JSON.</param>
internal sealed record ConstantNode(string Path, string Value) : OutputNode(Path);

/// <summary>One of a closed set; null and <see cref="OutputNode.Absent"/> can be among it.</summary>
/// <param name="Path">From the root.</param>
/// <param name="Values">Distinct, in ordinal order, without the one that is not chosen but follows from a text's strangeness.</param>
internal sealed record LabelNode(string Path, IReadOnlyList<string> Values) : OutputNode(Path)
{
    /// <summary>JSON of the value that says that a text is none of the others'; null where there is none.</summary>
    public string? OutOfScope { get; init; }

    /// <summary>All that outputs can have.</summary>
    public IEnumerable<string> AllValues() => OutOfScope is null ? Values : Values.Append(OutOfScope);
}

/// <summary>An array of values of a closed set, each at most once.</summary>
/// <param name="Path">From the root.</param>
/// <param name="Values">Distinct, in the order in which outputs have them.</param>
internal sealed record LabelsNode(string Path, IReadOnlyList<string> Values) : OutputNode(Path);

/// <summary>A part of the input.</summary>
/// <param name="Path">From the root.</param>
/// <param name="Form">How the part is written in the output.</param>
/// <param name="Missing">Where the input has none: null, <see cref="OutputNode.Absent"/>, or the commonest value where outputs always have one.</param>
/// <param name="IsRequired">Outputs always have one.</param>
internal sealed record SpanNode(string Path, SpanForm Form, string Missing, bool IsRequired) : OutputNode(Path);

/// <summary>An array of parts of the input, each with its type.</summary>
/// <param name="Path">From the root, without "[]".</param>
/// <param name="Form">How a part is written.</param>
/// <param name="Types">JSON of the types; one empty text where parts have no type.</param>
/// <param name="Members">Of an object in the array, in order; none where the array's elements are the parts themselves.</param>
internal sealed record EntitiesNode(string Path, SpanForm Form, IReadOnlyList<string> Types, IReadOnlyList<EntityMember> Members) : OutputNode(Path);

/// <param name="Name">The key.</param>
/// <param name="Role">What it holds.</param>
/// <param name="Value">JSON of a constant; empty otherwise.</param>
internal sealed record EntityMember(string Name, EntityRole Role, string Value);

internal enum EntityRole
{
    Type,
    Part,
    Constant,
}

/// <summary>An object with known keys.</summary>
/// <param name="Path">From the root.</param>
/// <param name="Members">In the order in which outputs have them.</param>
/// <param name="Presence">Whether it is there (its value "{}"), null or absent; null where it is always there.</param>
internal sealed record ObjectNode(string Path, IReadOnlyList<ObjectNodeMember> Members, LabelNode? Presence) : OutputNode(Path)
{
    public const string Present = "{}";
}

internal sealed record ObjectNodeMember(string Name, OutputNode Node);

/// <summary>How a part of the input is written in an output.</summary>
internal enum SpanForm
{
    AsWritten,
    LowerCase,
    UpperCase,
    Integer,
    Number,
}
