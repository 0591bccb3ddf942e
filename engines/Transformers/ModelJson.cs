using System.Globalization;
using System.Text.Json;

namespace RagPlatform.Transformers;

/// <summary>A model folder's JSON file, read with errors that name the file, the field, the value and the limit.</summary>
internal readonly struct ModelJson(string file, JsonElement root)
{
    private const int MaxDepth = 32;
    private const int MaxShownCharacters = 200;

    /// <summary>As much of a text from a file as a message can take.</summary>
    public static string Shown(string text) => text.Length <= MaxShownCharacters ? text : $"{text.AsSpan(0, MaxShownCharacters)}…";

    /// <summary>Reads what is needed of the file's one object.</summary>
    /// <exception cref="InvalidDataException">Too long, not JSON, not an object, or refused by <paramref name="read"/>.</exception>
    public static T Read<T>(Stream stream, string file, int maxBytes, Func<ModelJson, T> read) =>
        Parse(stream, file, maxBytes, root => root.ValueKind == JsonValueKind.Object
            ? read(new ModelJson(file, root))
            : throw new InvalidDataException($"{file} holds a JSON {root.ValueKind}; it must be an object."));

    /// <summary>Reads what is needed of each object in the file's one list.</summary>
    /// <exception cref="InvalidDataException">Too long, not JSON, not a list of objects, or refused by <paramref name="read"/>.</exception>
    public static IReadOnlyList<T> ReadList<T>(Stream stream, string file, int maxBytes, Func<ModelJson, T> read) =>
        Parse<IReadOnlyList<T>>(stream, file, maxBytes, root =>
            root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                ? [.. root.EnumerateArray().Select(item => read(new ModelJson(file, item)))]
                : throw new InvalidDataException($"{file} must be a list of objects."));

    private static T Parse<T>(Stream stream, string file, int maxBytes, Func<JsonElement, T> read)
    {
        if (stream.Length > maxBytes)
        {
            throw new InvalidDataException($"{file} has {stream.Length} bytes; the limit is {maxBytes}.");
        }
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // JsonElement says InvalidOperation of text that is not valid Unicode.
            throw new InvalidDataException($"{file} is not JSON: {Shown(exception.Message)}", exception);
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

    /// <summary>The field as true or false; <paramref name="absent"/> where it is not there or null.</summary>
    public bool Flag(string field, bool absent)
    {
        if (!Has(field))
        {
            return absent;
        }
        var value = root.GetProperty(field);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Invalid(field, value.GetRawText(), "it must be true or false");
    }

    /// <summary>The names of all fields.</summary>
    public IReadOnlyList<string> Names() => [.. root.EnumerateObject().Select(member => member.Name)];

    /// <summary>The field is there and not null.</summary>
    public bool Has(string field) => root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    public bool IsText(string field) => Has(field) && root.GetProperty(field).ValueKind == JsonValueKind.String;

    /// <summary>The field's text; empty where it is not there or null.</summary>
    public string Text(string field) => !Has(field) ? "" : TextOf(field, root.GetProperty(field));

    /// <summary>The field's list of texts; empty where it is not there or null.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        if (!Has(field))
        {
            return [];
        }
        var (json, list) = (this, root.GetProperty(field));
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => json.TextOf(field, item))]
            : throw Invalid(field, list.GetRawText(), "it must be a list of texts");
    }

    /// <summary>The field's object; null where it is not there or null.</summary>
    public ModelJson? Group(string field)
    {
        if (!Has(field))
        {
            return null;
        }
        var group = root.GetProperty(field);
        return group.ValueKind == JsonValueKind.Object
            ? new ModelJson(file, group)
            : throw Invalid(field, group.GetRawText(), "it must be an object");
    }

    /// <summary>The field's whole number or list of them; empty where it is not there or null.</summary>
    public IReadOnlyList<int> Integers(string field, int lowest, int highest, int most)
    {
        if (!Has(field))
        {
            return [];
        }
        var (json, value) = (this, root.GetProperty(field));
        if (value.ValueKind != JsonValueKind.Array)
        {
            return [Integer(field, lowest, highest)];
        }
        return value.GetArrayLength() <= most
            ? [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number >= lowest && number <= highest
                ? number
                : throw json.Invalid(field, item.GetRawText(), $"each must be a whole number from {lowest} to {highest}"))]
            : throw Invalid(field, value.GetRawText(), $"at most {most} are read");
    }

    /// <summary>The field's object of texts; empty where it is not there or null.</summary>
    public IReadOnlyDictionary<string, string> TextsByName(string field)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Has(field))
        {
            var group = root.GetProperty(field);
            if (group.ValueKind != JsonValueKind.Object)
            {
                throw Invalid(field, group.GetRawText(), "it must be an object of texts");
            }
            foreach (var member in group.EnumerateObject())
            {
                texts[member.Name] = TextOf(field, member.Value);
            }
        }
        return texts;
    }

    /// <summary>The field, which must be one of these.</summary>
    public string OneOf(string field, ReadOnlySpan<string> known)
    {
        var text = Text(field);
        return known.Contains(text)
            ? text
            : throw Invalid(field, $"\"{text}\"", $"known are {string.Join(", ", known.ToArray())}");
    }

    /// <summary>The field, where it is there, must be this.</summary>
    public void Require(string field, string expected)
    {
        if (root.TryGetProperty(field, out var value)
            && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(expected)))
        {
            throw Invalid(field, value.GetRawText(), $"only \"{expected}\" is built");
        }
    }

    private string TextOf(string field, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Invalid(field, value.GetRawText(), "it must be a text");

    private InvalidDataException Invalid(string field, string value, string remedy) =>
        new($"{file}: {field} is {Shown(value)}; {remedy}.");
}
