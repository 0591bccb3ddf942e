using System.Text.Json;

namespace RagPlatform.Documents;

/// <summary>JSON (RFC 8259).</summary>
internal sealed class JsonFormat : IDocumentFormat
{
    private const int SniffedBytes = 4096;

    public string ContentType => "application/json";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["text/json", "application/ld+json", "application/geo+json", "application/problem+json"];

    public IReadOnlyList<string> Extensions { get; } = [".json", ".geojson", ".jsonld"];

    public bool IsText => true;

    /// <summary>An object with a member, or an array that holds one: "[1]" in a text is a footnote.</summary>
    public bool Recognizes(ReadOnlyMemory<byte> content) => StartsLikeJson(content.Span);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        var bytes = JsonSyntax.Utf8Bytes(source);
        if (JsonLinesFormat.IsSequence(bytes.Span))
        {
            // Many files that are named JSON are this, and it can be nothing else.
            var lines = JsonLinesFormat.Extract(bytes, source.FileName, context.CancellationToken);
            return lines with { Warnings = ["The content is JSON Lines, a value on each line, and no single JSON value; it is read as that."] };
        }

        JsonSyntax.Check(bytes.Span, "JSON", firstLine: 1, context.CancellationToken);
        var root = new JsonSlice(bytes);
        var builder = new DocumentTextBuilder();
        new JsonTextWriter(builder, context.CancellationToken).WriteRoot(root);
        return builder.Build(root.IsObject ? JsonTitle.Of(root.Members()) ?? "" : source.FileName);
    }

    internal static bool StartsLikeJson(ReadOnlySpan<byte> content)
    {
        var start = content.TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8);
        if (start is not [(byte)'{' or (byte)'[', ..])
        {
            return false;
        }

        var hasMember = false;
        var reader = new Utf8JsonReader(start[..Math.Min(start.Length, SniffedBytes)], isFinalBlock: start.Length <= SniffedBytes, JsonSyntax.State);
        try
        {
            while (reader.Read())
            {
                hasMember |= reader.TokenType == JsonTokenType.PropertyName;
            }

            return hasMember;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
