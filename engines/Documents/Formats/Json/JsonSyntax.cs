using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace RagPlatform.Documents;

/// <summary>JSON is checked whole before any of it is read, so that what reads it later meets no surprise.</summary>
internal static class JsonSyntax
{
    /// <summary>Comments and trailing commas are none (RFC 8259). One level more than the limit, to tell "too deep" from "broken".</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = DocumentExtractor.MaxNestingDepth + 1 };

    /// <summary>
    /// Of the depths of all values together: each level is read again when it is written (<see cref="JsonSlice"/>), so that this
    /// bounds the time. 64 MiB of real data stay far below it.
    /// </summary>
    private const long MaxDepthSum = 256L * 1024 * 1024;

    public static JsonReaderState State => new(Options);

    /// <summary>UTF-8 without a byte order mark, whatever encoding it came in.</summary>
    /// <exception cref="ExtractionException">InvalidEncoding.</exception>
    public static ReadOnlyMemory<byte> Utf8Bytes(DocumentSource source)
    {
        var isUtf8 = ContentTypes.Charset(source.ContentType) is null or "utf-8" or "utf8" && !source.Content.Span.Contains((byte)0) && Utf8.IsValid(source.Content.Span);
        var bytes = isUtf8 ? source.Content : Encoding.UTF8.GetBytes(TextDecoder.Decode(source));
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    /// <param name="json">One value.</param>
    /// <param name="format">For the message.</param>
    /// <param name="firstLine">The number of its first line.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="ExtractionException">Damaged, with line and column; TooDeep.</exception>
    public static void Check(ReadOnlySpan<byte> json, string format, int firstLine, CancellationToken cancellationToken)
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            long depths = 0;
            for (var tokens = 0; reader.Read(); tokens++)
            {
                depths += reader.CurrentDepth;
                if (depths > MaxDepthSum)
                {
                    throw new ExtractionException(
                        ExtractionErrorCode.TooLarge,
                        string.Create(CultureInfo.InvariantCulture, $"content holds more than {tokens} values, {depths / tokens} deep on average; the depths may sum up to {MaxDepthSum}."),
                        "Split the document, or make it less deep.");
                }

                if (tokens % 65_536 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (reader.CurrentDepth >= DocumentExtractor.MaxNestingDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    throw new ExtractionException(
                        ExtractionErrorCode.TooDeep,
                        string.Create(CultureInfo.InvariantCulture, $"content nests objects and arrays deeper than {DocumentExtractor.MaxNestingDepth}, which is the limit, at byte {reader.TokenStartIndex} from line {firstLine}."),
                        "Flatten it, or send it as text/plain.");
                }
            }
        }
        catch (JsonException failure)
        {
            var (line, column) = Place(json, failure);
            throw ExtractionException.Damaged(format, string.Create(CultureInfo.InvariantCulture, $"line {firstLine + line}, column {column}: {Reason(failure.Message)}"));
        }
    }

    private static (long Line, int Column) Place(ReadOnlySpan<byte> json, JsonException failure)
    {
        for (var line = failure.LineNumber ?? 0; line > 0 && json.IndexOf((byte)'\n') is >= 0 and var end; line--)
        {
            json = json[(end + 1)..];
        }

        return (failure.LineNumber ?? 0, Encoding.UTF8.GetCharCount(json[..(int)Math.Min(failure.BytePositionInLine ?? 0, json.Length)]) + 1);
    }

    /// <summary>Without the place, which is told already, and advice to the programmer.</summary>
    private static string Reason(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal).TrimEnd('.');
    }
}
