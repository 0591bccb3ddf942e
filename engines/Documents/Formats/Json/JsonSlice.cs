using System.Text.Json;

namespace RagPlatform.Documents;

/// <summary>
/// A JSON value, as the range of bytes where it stands. Its children are found when asked for, so that a document costs no more
/// memory than its bytes and one level of its tree. To be made of bytes that <see cref="JsonSyntax.Check"/> passed.
/// </summary>
internal readonly struct JsonSlice(ReadOnlyMemory<byte> bytes)
{
    public bool IsObject => First == '{';

    public bool IsArray => First == '[';

    public bool IsString => First == '"';

    public bool IsNull => First == 'n';

    public bool IsContainer => IsObject || IsArray;

    private byte First => bytes.Span.TrimStart(" \t\r\n"u8)[0];

    /// <summary>In the order that they are written in, a name as often as it is.</summary>
    public IReadOnlyList<(string Name, JsonSlice Value)> Members()
    {
        var members = new List<(string, JsonSlice)>();
        var reader = new Utf8JsonReader(bytes.Span, JsonSyntax.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            CheckCount(members.Count);
            var name = JsonString.Read(ref reader);
            reader.Read();
            members.Add((name, Value(ref reader)));
        }

        return members;
    }

    public IReadOnlyList<JsonSlice> Items()
    {
        var items = new List<JsonSlice>();
        var reader = new Utf8JsonReader(bytes.Span, JsonSyntax.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            CheckCount(items.Count);
            items.Add(Value(ref reader));
        }

        return items;
    }

    /// <summary>The last member of this name, as most parsers have it; null when there is none or this is no object.</summary>
    public JsonSlice? Member(string name)
    {
        JsonSlice? found = null;
        if (IsObject)
        {
            var reader = new Utf8JsonReader(bytes.Span, JsonSyntax.Options);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(name);
                reader.Read();
                var value = Value(ref reader);
                found = isIt ? value : found;
            }
        }

        return found;
    }

    /// <summary>A string's characters; of anything else, what is written.</summary>
    public string Text()
    {
        var reader = new Utf8JsonReader(bytes.Span, JsonSyntax.Options);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? JsonString.Read(ref reader) : System.Text.Encoding.UTF8.GetString(bytes.Span).Trim();
    }

    private JsonSlice Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(bytes[start..(int)reader.BytesConsumed]);
    }

    private static void CheckCount(int count)
    {
        if (count == DocumentExtractor.MaxBlocks)
        {
            throw ExtractionException.TooManyBlocks();
        }
    }
}
