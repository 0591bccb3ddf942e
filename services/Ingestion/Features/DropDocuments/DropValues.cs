using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>Reads the value of one field. Everything thrown is a <see cref="DropRejectedException"/> that names it.</summary>
internal static class DropValues
{
    /// <summary>Of every field but the content, as JSON.</summary>
    private const int MaxShortBytes = 64 * 1024;

    public static string ReadString(string field, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } json)
        {
            return "";
        }

        if (json.Length > MaxShortBytes)
        {
            throw new DropRejectedException("FIELD_TOO_LONG", field, $"it has {json.Length} bytes; the limit is {MaxShortBytes}.", "Shorten it.");
        }

        var reader = ReadToken(field, json.Span);
        return Unicode(field, ref reader, static (ref Utf8JsonReader text) => text.GetString()!);
    }

    public static IReadOnlyDictionary<string, string> ReadMetadata(string field, ReadOnlyMemory<byte>? value, int maxEntries)
    {
        var metadata = new Dictionary<string, string>();
        if (value is not { } json)
        {
            return metadata;
        }

        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new DropRejectedException("WRONG_TYPE", field, $"it is {DropFields.Describe(reader.TokenType)}; an object of strings is needed.", "Send {\"name\": \"value\"}.");
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = Unicode(field, ref reader, static (ref Utf8JsonReader text) => text.GetString()!);
            reader.Read();
            if (reader.TokenType is not JsonTokenType.String)
            {
                throw new DropRejectedException("WRONG_TYPE", $"{field}.{IngestionErrors.Shorten(key)}", $"it is {DropFields.Describe(reader.TokenType)}; a string is needed.", "Write numbers and booleans as strings.");
            }

            if (metadata.Count == maxEntries)
            {
                throw new DropRejectedException("INVALID_FIELD", field, $"it has more than {maxEntries} entries.", "Leave out what nobody filters by.");
            }

            if (!metadata.TryAdd(key, Unicode($"{field}.{IngestionErrors.Shorten(key)}", ref reader, static (ref Utf8JsonReader text) => text.GetString()!)))
            {
                throw new DropRejectedException("REPEATED_FIELD", $"{field}.{IngestionErrors.Shorten(key)}", "it is there twice.", "Send each entry once.");
            }
        }

        return metadata;
    }

    /// <summary>The text as UTF-8.</summary>
    public static ReadOnlyMemory<byte> ReadText(string field, ReadOnlyMemory<byte> value)
    {
        var reader = ReadToken(field, value.Span);
        return Unicode(field, ref reader, static (ref Utf8JsonReader text) => Unescape(ref text));
    }

    public static ReadOnlyMemory<byte> ReadBase64(string field, ReadOnlyMemory<byte> value)
    {
        var reader = ReadToken(field, value.Span);
        var encoded = Unicode(field, ref reader, static (ref Utf8JsonReader text) => Unescape(ref text));
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        var status = Base64.DecodeFromUtf8(encoded.Span, decoded, out var consumed, out var written);
        if (status is not OperationStatus.Done)
        {
            throw new DropRejectedException(
                "INVALID_BASE64", field, $"its {encoded.Length} characters are no base64 from position {InvalidFrom(encoded.Span, consumed) + 1} on.",
                "Encode the bytes in base64 (RFC 4648, section 4) with padding.");
        }

        return decoded.AsMemory(0, written);
    }

    private static int InvalidFrom(ReadOnlySpan<byte> encoded, int consumed)
    {
        var invalid = encoded[consumed..].IndexOfAnyExcept(Alphabet);
        return invalid < 0 ? consumed : consumed + invalid;
    }

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"u8);

    private static Memory<byte> Unescape(ref Utf8JsonReader reader)
    {
        var text = new byte[reader.ValueSpan.Length];
        return text.AsMemory(0, reader.CopyString(text));
    }

    private static Utf8JsonReader ReadToken(string field, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType is JsonTokenType.String
            ? reader
            : throw new DropRejectedException("WRONG_TYPE", field, $"it is {DropFields.Describe(reader.TokenType)}; a string is needed.", "Send it as a JSON string.");
    }

    private delegate T Reading<T>(ref Utf8JsonReader reader);

    private static T Unicode<T>(string field, ref Utf8JsonReader reader, Reading<T> read)
    {
        try
        {
            return read(ref reader);
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws for invalid UTF-8 and for an escaped half of a surrogate pair.
            throw new DropRejectedException("INVALID_ENCODING", field, "it holds bytes or escapes that are no Unicode text.", "Send UTF-8; send bytes that are no text in contentBase64.");
        }
    }
}
