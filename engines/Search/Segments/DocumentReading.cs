namespace RagPlatform.Search.Segments;

/// <summary>A document put together again from all parts of its segment.</summary>
internal static class DocumentReading
{
    /// <summary>With its chunks and their vectors.</summary>
    public static IndexedDocument Read(Segment segment, int document)
    {
        var (first, until) = segment.Documents.RowsOf(document);
        var chunks = new IndexedChunk[until - first];
        for (var row = first; row < until; row++)
        {
            chunks[row - first] = segment.Documents.Chunk(row) with { Vector = segment.Vectors.Vector(row).ToArray() };
        }

        return segment.Documents.Document(document) with { Chunks = chunks };
    }
}
