using System.Text.Encodings.Web;
using System.Text.Json;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>Compact JSON texts, equal where the values are.</summary>
internal static class OutputJson
{
    /// <summary>Of what is made of outputs; these themselves are read down to 64, and each level of theirs takes three of a description's.</summary>
    public const int MaxDepth = 256;

    /// <summary>Quotes and escapes only what JSON demands: outputs are for programs, not for HTML.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>A string's JSON.</summary>
    public static string Text(string value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Without white space; an object's keys keep their order.</summary>
    public static string Compact(JsonElement value) => JsonSerializer.Serialize(value, Options);

    /// <summary>As <see cref="Compact"/>, with keys in ordinal order at every depth, so that equal values give equal texts.</summary>
    public static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject()
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => $"{Text(member.Key)}:{Canonical(member.Last().Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.Number when value.TryGetDecimal(out var number) => Spans.NumberText.Write(number),
        _ => Compact(value),
    };

    /// <summary>For people: a string without its quotes.</summary>
    public static string Shown(string json) => json.StartsWith('"') ? JsonSerializer.Deserialize<string>(json)! : json;

    public static bool IsEmptyText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals("");

    /// <summary>Null where the text is no JSON.</summary>
    public static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            // Half a surrogate pair, escaped, is found out only when it is read.
            if (text.Contains("\\u", StringComparison.Ordinal))
            {
                _ = Canonical(document.RootElement);
            }

            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
