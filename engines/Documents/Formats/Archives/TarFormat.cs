using System.Runtime.InteropServices;

namespace RagPlatform.Documents;

/// <summary>TAR archives of documents (POSIX ustar and pax, GNU, version 7).</summary>
internal sealed class TarFormat : IDocumentFormat
{
    public string ContentType => "application/x-tar";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["application/tar"];

    public IReadOnlyList<string> Extensions { get; } = [".tar"];

    public bool Recognizes(ReadOnlyMemory<byte> content) => TarHeader.IsHeader(content.Span);

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context)
    {
        using var stream = MemoryMarshal.TryGetArray(source.Content, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(source.Content.ToArray(), writable: false);
        return TarExtractor.Extract(stream, source.FileName, context);
    }
}
