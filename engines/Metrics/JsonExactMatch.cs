using System.Text.Json;

namespace RagPlatform.Metrics;

/// <summary>Whether two texts are the same JSON value.</summary>
public static class JsonExactMatch
{
    /// <summary>
    /// The same value: members of objects in any order, arrays in theirs, numbers by value (1, 1.0 and 1e0 are the same),
    /// strings by their characters, not by how they are escaped. A text that is no JSON matches nothing.
    /// </summary>
    /// <param name="expected">JSON.</param>
    /// <param name="predicted">Any text.</param>
    /// <exception cref="JsonException"><paramref name="expected"/> is no JSON.</exception>
    public static bool IsMatch(string expected, string predicted)
    {
        using var right = JsonDocument.Parse(expected);
        try
        {
            using var told = JsonDocument.Parse(predicted);
            return JsonElement.DeepEquals(right.RootElement, told.RootElement);
        }
        // Half a surrogate pair, escaped, is found out only when it is compared.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
