using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Reading;

namespace RagPlatform.FineTuning.Datasets.Labels;

/// <summary>Reads answers that are JSON objects.</summary>
internal static class JsonOutput
{
    /// <summary>The object; null where the text is none. Text with half surrogates, which no reader could take, is none.</summary>
    public static JsonDocument? Parse(string output)
    {
        if (!output.StartsWith('{') || !output.EndsWith('}'))
        {
            return null;
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(output);
        if (LoneSurrogate.Find(bytes) >= 0)
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
