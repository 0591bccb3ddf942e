using System.Text.Json;

namespace RagPlatform.Documents;

/// <summary>JSON Lines (jsonlines.org), also known as NDJSON: a value on each line. Each knows its line's number.</summary>
internal sealed class JsonLinesFormat : IDocumentFormat
{
    private const int SniffedBytes = 64 * 1024;

    public string ContentType => "application/x-ndjson";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/jsonl", "application/ndjson", "application/json-lines", "application/jsonlines", "text/jsonl"];

    public IReadOnlyList<string> Extensions { get; } = [".jsonl", ".ndjson"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content) => IsSequence(content.Span[..Math.Min(content.Length, SniffedBytes)]);

    /// <summary>True for a line that is an object, and a line after it that starts like one: it is no JSON document, which is one value.</summary>
    internal static bool IsSequence(ReadOnlySpan<byte> content)
    {
        var start = content.TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8);
        var end = start.IndexOf((byte)'\n');
        if (end < 0 || start is not [(byte)'{', ..] || start[end..].TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
        {
            return false;
        }

        var reader = new Utf8JsonReader(start[..end], isFinalBlock: true, JsonSyntax.State);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) =>
        Extract(JsonSyntax.Utf8Bytes(source), source.FileName, context.CancellationToken);

    internal static ExtractedDocument Extract(ReadOnlyMemory<byte> bytes, string title, CancellationToken cancellationToken)
    {
        var records = new List<(int Row, JsonSlice Value)>();
        for (int start = 0, line = 1; start < bytes.Length; line++)
        {
            var length = bytes.Span[start..].IndexOf((byte)'\n');
            var end = length < 0 ? bytes.Length : start + length;
            if (!bytes.Span[start..end].Trim(" \t\r"u8).IsEmpty)
            {
                if (records.Count == DocumentExtractor.MaxBlocks)
                {
                    throw ExtractionException.TooManyBlocks();
                }

                JsonSyntax.Check(bytes.Span[start..end], "JSON Lines", line, cancellationToken);
                records.Add((line, new JsonSlice(bytes[start..end])));
            }

            start = end + 1;
        }

        var builder = new DocumentTextBuilder();
        new JsonTextWriter(builder, cancellationToken).WriteRecords(records);
        return builder.Build(title);
    }
}
