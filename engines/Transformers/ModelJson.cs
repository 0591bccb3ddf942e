using System.Globalization;
using System.Text.Json;

namespace RagPlatform.Transformers;

/// <summary>A model folder's JSON file, read with errors that name the file, the field, the value and the limit.</summary>
internal readonly struct ModelJson(string file, JsonElement root)
{
    private const int MaxDepth = 32;

    /// <summary>Reads what is needed of the file's one object.</summary>
    /// <exception cref="InvalidDataException">Too long, not JSON, not an object, or refused by <paramref name="read"/>.</exception>
    public static T Read<T>(Stream stream, string file, int maxBytes, Func<ModelJson, T> read)
    {
        if (stream.Length > maxBytes)
        {
            throw new InvalidDataException($"{file} has {stream.Length} bytes; the limit is {maxBytes}.");
        }
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(new ModelJson(file, document.RootElement))
                : throw new InvalidDataException($"{file} holds a JSON {document.RootElement.ValueKind}; it must be an object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // JsonElement says InvalidOperation of text that is not valid Unicode.
            throw new InvalidDataException($"{file} is not JSON: {exception.Message}", exception);
        }
    }

    public int Integer(string field, int lowest, int highest)
    {
        var number = Number(field, lowest, highest);
        return number == Math.Floor(number)
            ? (int)number
            : throw Invalid(field, root.GetProperty(field).GetRawText(), "it must be a whole number");
    }

    public double Number(string field, double lowest, double highest)
    {
        if (!root.TryGetProperty(field, out var value))
        {
            throw new InvalidDataException($"{file} has no {field}.");
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number >= lowest && number <= highest
            ? number
            : throw Invalid(field, value.GetRawText(), string.Create(
                CultureInfo.InvariantCulture, $"it must be a number from {lowest} to {highest}"));
    }

    /// <summary>The field as true or false; <paramref name="absent"/> where it is not there.</summary>
    public bool Flag(string field, bool absent)
    {
        if (!root.TryGetProperty(field, out var value))
        {
            return absent;
        }
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Invalid(field, value.GetRawText(), "it must be true or false");
    }

    public bool Has(string field) => root.TryGetProperty(field, out _);

    /// <summary>The field, where it is there, must be this.</summary>
    public void Require(string field, string expected)
    {
        if (root.TryGetProperty(field, out var value)
            && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(expected)))
        {
            throw Invalid(field, value.GetRawText(), $"only \"{expected}\" is built");
        }
    }

    private InvalidDataException Invalid(string field, string value, string remedy) =>
        new($"{file}: {field} is {(value.Length > 100 ? value[..100] : value)}; {remedy}.");
}
