using System.Text.Json;

namespace RagPlatform.FineTuning.Decoding.Evaluation;

/// <summary>
/// What JSON answers have in common: the kinds of a value, an object's members and which of them are always there, an array's items.
/// What the examples were is all that it knows: a member that was always there is wanted, one that never was is refused.
/// </summary>
internal sealed class AnswerShape
{
    private readonly HashSet<JsonValueKind> kinds = [];
    private readonly Dictionary<string, (AnswerShape Shape, int Count)> members = new(StringComparer.Ordinal);
    private AnswerShape? items;
    private int objects;

    /// <summary>Of texts that are all JSON objects or arrays; null where one is not, or there are none.</summary>
    public static AnswerShape? Of(IEnumerable<string> answers)
    {
        var shape = new AnswerShape();
        var any = false;
        foreach (var answer in answers)
        {
            if (!IsJson(answer))
            {
                return null;
            }

            using var json = JsonDocument.Parse(answer);
            shape.Add(json.RootElement);
            any = true;
        }

        return any ? shape : null;
    }

    /// <summary>An object or an array.</summary>
    public static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public bool Accepts(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return Accepts(json.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Add(JsonElement value)
    {
        kinds.Add(KindOf(value));
        if (value.ValueKind == JsonValueKind.Object)
        {
            objects++;
            foreach (var member in value.EnumerateObject())
            {
                var (shape, count) = members.GetValueOrDefault(member.Name, (new AnswerShape(), 0));
                shape.Add(member.Value);
                members[member.Name] = (shape, count + 1);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                items ??= new AnswerShape();
                items.Add(item);
            }
        }
    }

    private bool Accepts(JsonElement value) => kinds.Contains(KindOf(value)) && value.ValueKind switch
    {
        JsonValueKind.Object => members.All(member => member.Value.Count < objects || value.TryGetProperty(member.Key, out _))
            && value.EnumerateObject().All(member => members.TryGetValue(member.Name, out var known) && known.Shape.Accepts(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(item => items is not null && items.Accepts(item)),
        _ => true,
    };

    private static JsonValueKind KindOf(JsonElement value) => value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
}
