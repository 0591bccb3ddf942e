using System.Text.Json;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads the key that keeps examples together: a string, a number or a boolean.</summary>
internal static class GroupName
{
    public static string Read(JsonObject json, string field)
    {
        if (json.Find(field) is not { } value)
        {
            return "";
        }

        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            json.ReportType(field, value, "a string or a number");
            return "";
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }
}
