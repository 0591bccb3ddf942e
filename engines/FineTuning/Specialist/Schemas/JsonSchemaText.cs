using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>The JSON schema that all outputs of a specialist obey.</summary>
internal static class JsonSchemaText
{
    public static string Of(OutputNode root)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema" };
        foreach (var (key, value) in Schema(root))
        {
            schema[key] = value?.DeepClone();
        }
        return schema.ToJsonString(OutputJson.Options);
    }

    private static JsonObject Schema(OutputNode node) => node switch
    {
        ConstantNode constant => Enumeration([constant.Value]),
        LabelNode label => Enumeration(label.AllValues().Where(value => value.Length > 0)),
        LabelsNode labels => new JsonObject { ["type"] = "array", ["uniqueItems"] = true, ["items"] = Enumeration(labels.Values) },
        SpanNode span => new JsonObject { ["type"] = TypeOf(span.Form, span.Missing == OutputNode.Null) },
        EntitiesNode entities => new JsonObject { ["type"] = "array", ["items"] = Entity(entities) },
        ObjectNode parent => Object(parent),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "not a place of an output"),
    };

    private static JsonObject Enumeration(IEnumerable<string> values) =>
        new() { ["enum"] = new JsonArray([.. values.Select(value => JsonNode.Parse(value))]) };

    private static JsonNode TypeOf(SpanForm form, bool isNullable)
    {
        var type = form switch { SpanForm.Integer => "integer", SpanForm.Number => "number", _ => "string" };
        return isNullable ? new JsonArray(type, OutputNode.Null) : JsonValue.Create(type);
    }

    private static JsonObject Entity(EntitiesNode entities)
    {
        var part = new JsonObject { ["type"] = TypeOf(entities.Form, isNullable: false) };
        return entities.Members.Count == 0
            ? part
            : Closed([.. entities.Members.Select(member => (member.Name, member.Role switch
            {
                EntityRole.Type => Enumeration(entities.Types),
                EntityRole.Constant => Enumeration([member.Value]),
                _ => part,
            }, IsRequired: true))]);
    }

    private static JsonObject Object(ObjectNode parent)
    {
        var schema = Closed([.. parent.Members.Select(member => (member.Name, Schema(member.Node), !CanBeAbsent(member.Node)))]);
        if (parent.Presence?.Values.Contains(OutputNode.Null) == true)
        {
            schema["type"] = new JsonArray("object", OutputNode.Null);
        }
        return schema;
    }

    private static JsonObject Closed((string Name, JsonObject Schema, bool IsRequired)[] members) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Schema))),
        ["required"] = new JsonArray([.. members.Where(member => member.IsRequired).Select(member => JsonValue.Create(member.Name))]),
        ["additionalProperties"] = false,
    };

    private static bool CanBeAbsent(OutputNode node) => node switch
    {
        LabelNode label => label.Values.Contains(OutputNode.Absent),
        SpanNode span => span.Missing == OutputNode.Absent,
        ObjectNode parent => parent.Presence?.Values.Contains(OutputNode.Absent) == true,
        _ => false,
    };
}
