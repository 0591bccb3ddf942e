namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How many bytes a batch of chunks takes as a message, at most: as JSON, and with the vectors that embedding adds.</summary>
internal static class MessageSize
{
    /// <summary>No message of ours is larger: quorum queues are made for small ones (https://www.rabbitmq.com/docs/quorum-queues).</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Names and numbers of a message, and what the bus puts around it.</summary>
    private const int EnvelopeBytes = 16 * 1024;

    /// <summary>Names, numbers and the id of a chunk.</summary>
    private const int ChunkBytes = 512;

    /// <summary>4,096 dimensions of fp32 in base64: the vectors of today's largest embedding models.</summary>
    private const int VectorBytes = 4096 * sizeof(float) / 3 * 4 + 8;

    /// <summary>Of what every batch of a version repeats.</summary>
    public static int OfVersion(string tenant, string collection, string id, string title, string uri, IReadOnlyDictionary<string, string> metadata) =>
        EnvelopeBytes + OfText(tenant) + OfText(collection) + OfText(id) + OfText(title) + OfText(uri) + metadata.Sum(entry => OfText(entry.Key) + OfText(entry.Value) + 1);

    public static int OfChunk(ReadOnlySpan<char> text, IReadOnlyList<string> headings) => ChunkBytes + VectorBytes + OfText(text) + headings.Sum(heading => OfText(heading));

    /// <summary>With its quotes: six bytes (an escape) for each code unit that some JSON writer escapes.</summary>
    private static int OfText(ReadOnlySpan<char> text)
    {
        var bytes = 3;
        foreach (var character in text)
        {
            bytes += character is >= ' ' and <= '~' and not ('"' or '\\' or '<' or '>' or '&' or '\'' or '+' or '`') ? 1 : 6;
        }

        return bytes;
    }
}
