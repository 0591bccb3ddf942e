using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Sensitive;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>How values of a dataset appear in findings.</summary>
internal static class Text
{
    private const int MaxShown = 40;

    /// <summary>A short value as it is, of a long one the beginning; nothing of one that holds a secret or personal data.</summary>
    public static string Shown(string value) =>
        SensitiveData.Find(value).Count > 0 ? "(not shown)" : Shortened(value.ReplaceLineEndings(" "), MaxShown);

    /// <summary>Never cuts a surrogate pair.</summary>
    public static string Shortened(string value, int maxLength)
    {
        if (value.Length <= maxLength)
        {
            return value;
        }

        var length = char.IsHighSurrogate(value[maxLength - 1]) ? maxLength - 1 : maxLength;
        return $"{value[..length]}…";
    }

    /// <summary>A JSON value's type with its article, as people name it.</summary>
    public static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
