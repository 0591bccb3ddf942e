using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// What one extraction may still use, over the document and all that is packed inside it: depth, parts and unpacked bytes,
/// so that nothing packed within packed things outgrows them.
/// </summary>
public sealed class ExtractionContext(IPdfTextReader? pdf, CancellationToken cancellationToken)
{
    private int _depth;
    private int _parts;
    private long _unpackedBytes;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Reads PDF pages; null where the host has no such program.</summary>
    public IPdfTextReader? Pdf { get; } = pdf;

    /// <summary>True once the whole extraction has used up its parts or unpacked bytes: then no other part can be read either.</summary>
    public bool IsSpent => _parts > DocumentExtractor.MaxParts || _unpackedBytes > DocumentExtractor.MaxUnpackedBytes;

    /// <summary>Counts bytes that a decompressor gave. To be called before they are kept.</summary>
    /// <exception cref="ExtractionException">TooLarge.</exception>
    public void AddUnpackedBytes(long bytes)
    {
        _unpackedBytes += bytes;
        if (_unpackedBytes > DocumentExtractor.MaxUnpackedBytes)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"content unpacks to more than {DocumentExtractor.MaxUnpackedBytes} bytes, which is the limit."),
                "Split the document into smaller ones. If it is a small file, it may be a decompression bomb.");
        }
    }

    /// <summary>A document inside this one: an archive's file, an e-mail's attachment.</summary>
    /// <exception cref="ExtractionException">TooDeep, TooLarge, or the part's own.</exception>
    public ExtractedDocument ExtractPart(ReadOnlyMemory<byte> content, string declaredContentType, string name)
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (++_parts > DocumentExtractor.MaxParts)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"content holds more than {DocumentExtractor.MaxParts} documents inside it, which is the limit."),
                "Split the archive into smaller ones.");
        }

        if (_depth == DocumentExtractor.MaxPartDepth)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooDeep,
                string.Create(CultureInfo.InvariantCulture, $"content holds documents packed {_depth + 1} deep; the limit is {DocumentExtractor.MaxPartDepth}."),
                "Unpack the inner archives first.");
        }

        _depth++;
        try
        {
            return DocumentExtractor.Extract(DocumentExtractor.Detect(content, declaredContentType, name), this);
        }
        finally
        {
            _depth--;
        }
    }
}
