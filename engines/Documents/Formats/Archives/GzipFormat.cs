using System.IO.Compression;
using System.Runtime.InteropServices;

namespace RagPlatform.Documents;

/// <summary>One document packed by gzip (RFC 1952), or a TAR.</summary>
internal sealed class GzipFormat : IDocumentFormat
{
    public string ContentType => "application/gzip";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/x-gzip", "application/x-tgz"];

    public IReadOnlyList<string> Extensions { get; } = [".gz", ".tgz"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => content.Span is [0x1F, 0x8B, 0x08, ..];

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        using var packed = MemoryMarshal.TryGetArray(source.Content, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(source.Content.ToArray(), writable: false);
        using var unpacked = new GzipContentStream(new GZipStream(packed, CompressionMode.Decompress), source.Content, context);
        var start = new byte[TarHeader.Bytes];
        var startBytes = unpacked.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (TarHeader.IsHeader(start.AsSpan(0, startBytes)))
        {
            using var tar = new PrefixedStream(start.AsMemory(0, startBytes), unpacked);
            return TarExtractor.Extract(tar, source.FileName, context);
        }

        using var content = new MemoryStream();
        content.Write(start, 0, startBytes);
        var buffer = new byte[16 * 1024];
        for (int read; (read = unpacked.Read(buffer, 0, buffer.Length)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > DocumentExtractor.MaxContentBytes)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge,
                    $"content unpacks to more than {DocumentExtractor.MaxContentBytes} bytes, which is the limit.",
                    "Split it into smaller documents.");
            }
        }

        return context.ExtractPart(content.ToArray(), "", InnerName(source.FileName));
    }

    /// <summary>"notes.md" of "notes.md.gz".</summary>
    private static string InnerName(string fileName) => fileName.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? fileName[..^3] : "";
}
