using System.Text.Encodings.Web;
using System.Text.Json;

namespace RagPlatform.Transformers.Constraints;

/// <summary>
/// The texts that a JSON Schema (draft 2020-12) admits, as a grammar: every one is valid, not every valid one is among
/// them, and what oneOf offers is taken to exclude each other. Properties come in the schema's order, properties that it does not name not at all, unless it names none.
/// What cannot be held to is refused by name, so that no output is less than was asked for.
/// </summary>
internal sealed class JsonSchemaGrammar
{
    private const int MaxNodes = 10_000;
    private const int MaxDepth = 64;

    /// <summary>Of minLength, maxLength, minItems and maxItems.</summary>
    private const int MaxCount = 10_000;

    /// <summary>Of one object: each that may be left out is a way to go on.</summary>
    private const int MaxProperties = 1000;

    /// <summary>Of all names and values that are written out.</summary>
    private const int MaxLiteralBytes = 1024 * 1024;

    private static readonly string[] Annotations =
        ["$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "contentMediaType", "contentEncoding"];

    private static readonly JsonSerializerOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonElement _root;
    private readonly Dictionary<string, RuleNode> _rules = [];
    private int _nodes;
    private int _literalBytes;

    private JsonSchemaGrammar(JsonElement root) => _root = root;

    /// <exception cref="InvalidDataException">The schema is malformed, too large, or asks for what cannot be held to; names the place.</exception>
    public static GrammarNode Compile(JsonElement schema)
    {
        try
        {
            return GrammarNode.Sequence(JsonGrammar.Space, new JsonSchemaGrammar(schema).Node(schema, "#", 0));
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            // JsonElement and its writer say so of text that has half of a surrogate pair.
            throw new InvalidDataException($"JSON Schema: a text in it is not valid Unicode: {exception.Message}", exception);
        }
    }

    private GrammarNode Node(JsonElement schema, string path, int depth)
    {
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw Refused(path, $"the schema has more than {MaxNodes} parts or is nested deeper than {MaxDepth}; split the question.");
        }

        if (schema.ValueKind is JsonValueKind.True)
        {
            return JsonGrammar.Value;
        }

        var keywords = new SchemaKeywords(schema, path, Annotations);
        var node = keywords.Find("$ref") is { } reference ? Reference(reference, path, depth)
            : keywords.Find("const") is { } constant ? OneOf([constant], keywords)
            : keywords.Find("enum") is { } values ? OneOf(values.ValueKind == JsonValueKind.Array ? values.EnumerateArray() : throw Refused(path, "enum must be a list of values."), keywords)
            : keywords.Find("anyOf") is { } any ? Alternatives(any, path, "anyOf", (way, at) => Node(way, at, depth + 1))
            : keywords.Find("oneOf") is { } one ? Alternatives(one, path, "oneOf", (way, at) => Node(way, at, depth + 1))
            : keywords.Find("allOf") is { } all ? Only(all, path, depth)
            : Typed(keywords, depth);
        keywords.ThrowIfMore();
        return node;
    }

    /// <summary>Those of the values that are of the type, if there is one.</summary>
    private GrammarNode OneOf(IEnumerable<JsonElement> values, SchemaKeywords keywords)
    {
        var types = keywords.Types();
        var literals = values.Where(value => types.Count == 0 || types.Any(type => SchemaKeywords.IsOf(value, type))).Select(value => Written(value, keywords.Path)).ToArray();
        return literals.Length > 0 ? LiteralChoice.Of(literals) : throw Refused(keywords.Path, "none of the values is of the type.");
    }

    private GrammarNode Typed(SchemaKeywords keywords, int depth)
    {
        var types = keywords.Types();
        return types.Count == 0 ? JsonGrammar.Value : GrammarNode.Choice([.. types.Select(type => OfType(type, keywords, depth))]);
    }

    private GrammarNode OfType(string type, SchemaKeywords keywords, int depth) => type switch
    {
        "null" => JsonGrammar.Null,
        "boolean" => JsonGrammar.Boolean,
        "number" => JsonGrammar.Number,
        "integer" => Integer(keywords),
        "string" => String(keywords),
        "array" => Array(keywords, depth),
        "object" => Object(keywords, depth),
        _ => throw Refused(keywords.Path, $"type '{type}' is unknown; known are null, boolean, number, integer, string, array and object."),
    };

    private static GrammarNode Integer(SchemaKeywords keywords)
    {
        var (least, most) = (keywords.Whole("minimum") ?? -IntegerRange.Limit, keywords.Whole("maximum") ?? IntegerRange.Limit);
        return least <= most
            ? IntegerRange.Of(least, most)
            : throw Refused(keywords.Path, $"minimum {least} is above maximum {most}.");
    }

    private static GrammarNode String(SchemaKeywords keywords)
    {
        var (least, most) = keywords.Counts("minLength", "maxLength", MaxCount);
        if (keywords.Find("format") is not { } format)
        {
            return JsonGrammar.String(least, most);
        }

        if (format.ValueKind != JsonValueKind.String)
        {
            throw Refused(keywords.Path, $"format is {format}; it must be a name.");
        }

        if (JsonFormats.Find(format.GetString()!) is not { } known)
        {
            return JsonGrammar.String(least, most);
        }

        return least == 0 && most is null ? known : throw Refused(keywords.Path, $"format {format} with minLength or maxLength cannot be held to; leave the lengths out.");
    }

    private GrammarNode Array(SchemaKeywords keywords, int depth)
    {
        var (least, most) = keywords.Counts("minItems", "maxItems", MaxCount);
        return JsonGrammar.Array(keywords.Find("items") is { } items ? Node(items, keywords.Path + "/items", depth + 1) : JsonGrammar.Value, least, most);
    }

    private GrammarNode Object(SchemaKeywords keywords, int depth)
    {
        var required = keywords.Names("required");
        var properties = keywords.Properties();
        var additional = keywords.Find("additionalProperties");
        if (properties.Count > MaxProperties)
        {
            throw Refused(keywords.Path, $"the object has {properties.Count} properties; at most {MaxProperties} properties can be held to. Nest them.");
        }

        if (required.Except(properties.Select(property => property.Name)).FirstOrDefault() is { } unknown)
        {
            throw Refused(keywords.Path, $"'{unknown}' is required, but not among the properties; describe it there.");
        }

        if (properties.Count == 0)
        {
            return additional is null or { ValueKind: JsonValueKind.True } ? JsonGrammar.AnyObject
                : additional is { ValueKind: JsonValueKind.False } ? GrammarNode.Literal("{}")
                : JsonGrammar.Object(JsonGrammar.String(), Node(additional.Value, keywords.Path + "/additionalProperties", depth + 1), 0, null);
        }

        var members = properties.Select(property => new ObjectMember(
            GrammarNode.Sequence(GrammarNode.Literal(Written(property.Name, keywords.Path)), GrammarNode.Literal(":"), JsonGrammar.Space, Node(property.Schema, $"{keywords.Path}/properties/{property.Name}", depth + 1)),
            required.Contains(property.Name)));
        return GrammarNode.Sequence(GrammarNode.Literal("{"), ObjectMember.InOrder([.. members]), GrammarNode.Literal("}"));
    }

    private static GrammarNode Alternatives(JsonElement ways, string path, string keyword, Func<JsonElement, string, GrammarNode> node) =>
        ways.ValueKind == JsonValueKind.Array && ways.GetArrayLength() > 0
            ? GrammarNode.Choice([.. ways.EnumerateArray().Select((way, i) => node(way, $"{path}/{keyword}/{i}"))])
            : throw Refused(path, $"{keyword} must be a list of at least one.");

    private GrammarNode Only(JsonElement all, string path, int depth) =>
        all.ValueKind == JsonValueKind.Array && all.GetArrayLength() == 1
            ? Node(all[0], $"{path}/allOf/0", depth + 1)
            : throw Refused(path, "allOf of several cannot be held to; write them as one.");

    private RuleNode Reference(JsonElement reference, string path, int depth)
    {
        var pointer = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : "";
        if (_rules.TryGetValue(pointer, out var known))
        {
            return known;
        }

        var rule = _rules[pointer] = new RuleNode();
        rule.Body = Node(SchemaPointer.Find(_root, pointer) ?? throw Refused(path, $"$ref '{pointer}' leads nowhere; it must be '#' or begin with '#/'."), pointer, depth + 1);
        return rule;
    }

    /// <summary>A name or a value as JSON.</summary>
    private string Written<T>(T value, string path)
    {
        var text = JsonSerializer.Serialize(value, Canonical);
        return (_literalBytes += text.Length) <= MaxLiteralBytes
            ? text
            : throw Refused(path, $"the names and values of the schema take more than {MaxLiteralBytes} bytes; leave the long ones out.");
    }

    internal static InvalidDataException Refused(string path, string reason) => new($"JSON Schema, {path}: {reason}");
}
