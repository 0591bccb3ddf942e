using System.Text;
using System.Text.Json;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>
/// Where each known field of a drop lies in its bytes. One pass, no value is copied, so that even a body far over the
/// limit can be attributed. Names are case-sensitive; a field that is not known, or there twice, is a finding.
/// </summary>
internal sealed class DropFields
{
    public static readonly IReadOnlyList<string> Known =
        ["id", "collection", "uri", "title", "contentType", "text", "contentBase64", "contentRef", "metadata", "operation", "batch", "tenant", "apiKey"];

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow };

    private readonly Dictionary<string, Range> _ranges = [];

    /// <summary>The first unknown or repeated field; null when there is none.</summary>
    public DropRejectedException? Finding { get; private set; }

    /// <summary>The bytes of the field's value; null when it is not there or JSON null, which mean the same.</summary>
    public ReadOnlyMemory<byte>? Find(string field, ReadOnlyMemory<byte> body) =>
        _ranges.TryGetValue(field, out var range) && !body[range].Span.SequenceEqual("null"u8) ? (ReadOnlyMemory<byte>?)body[range] : null;

    /// <exception cref="DropRejectedException">The body is no JSON object.</exception>
    public static DropFields Read(ReadOnlySpan<byte> body)
    {
        var fields = new DropFields();
        var reader = new Utf8JsonReader(body, Strict);
        try
        {
            reader.Read();
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                throw new DropRejectedException("NOT_AN_OBJECT", "body", $"it is JSON, but {Describe(reader.TokenType)}; an object is needed.", "Send one JSON object per message.");
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                fields.Add(ref reader);
            }

            // Nothing may follow the object.
            reader.Read();
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }

        return fields;
    }

    public static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };

    public static DropRejectedException NotJson(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var problem = end < 0 ? exception.Message : exception.Message[..end];
        return new DropRejectedException(
            "NOT_JSON", "body", $"it is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: {problem}",
            "Send one JSON object per message, in UTF-8.");
    }

    private void Add(ref Utf8JsonReader reader)
    {
        string? name = null;
        foreach (var known in Known)
        {
            if (reader.ValueTextEquals(known))
            {
                name = known;
                break;
            }
        }

        var found = name is null ? Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 80)]) : "";
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (name is null)
        {
            Finding ??= new DropRejectedException("UNKNOWN_FIELD", found, $"it is no field of a drop; known are {string.Join(", ", Known)}.", "Leave it out, or check its spelling (upper and lower case count).");
        }
        else if (!_ranges.TryAdd(name, start..(int)reader.BytesConsumed))
        {
            Finding ??= new DropRejectedException("REPEATED_FIELD", name, "it is there twice.", "Send each field once.");
        }
    }
}
