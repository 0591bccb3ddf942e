namespace RagPlatform.Search.Segments;

/// <summary>
/// The documents and chunks of a segment. A chunk is a row, 0 to <see cref="RowCount"/> - 1; a document is 0 to
/// <see cref="Count"/> - 1, and its chunks are rows that follow one another, in the order of the documents.
/// </summary>
public sealed class DocumentTable
{
    private readonly Section _ids;
    private readonly Section _records;
    private readonly Section _firstRows;
    private readonly Section _rowDocuments;
    private readonly Section _texts;
    private readonly Section _chunks;
    private readonly Section _chunkTexts;

    public DocumentTable(SegmentSections sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        _ids = sections[SectionId.DocumentIds];
        _records = sections[SectionId.DocumentRecords];
        _firstRows = sections[SectionId.DocumentRows];
        _rowDocuments = sections[SectionId.RowDocuments];
        _texts = sections[SectionId.DocumentTexts];
        _chunks = sections[SectionId.ChunkRows];
        _chunkTexts = sections[SectionId.ChunkTexts];
        Count = _records.Values<DocumentRecord>().Length;
        RowCount = _rowDocuments.Values<int>().Length;
    }

    public int Count { get; }

    public int RowCount { get; }

    /// <summary>The document of each row; ascending. Must not be kept.</summary>
    public ReadOnlySpan<int> RowDocuments => _rowDocuments.Values<int>();

    public int DocumentOf(int row) => RowDocuments[row];

    /// <summary>The first row of each document, and behind them the number of rows. Must not be kept.</summary>
    public ReadOnlySpan<int> FirstRows => _firstRows.Values<int>();

    /// <summary>Its rows: <c>First</c> to <c>Until</c> - 1.</summary>
    public (int First, int Until) RowsOf(int document)
    {
        var firstRows = FirstRows;
        return (firstRows[document], firstRows[document + 1]);
    }

    public long VersionOf(int document) => _records.Values<DocumentRecord>()[document].Version;

    public string IdOf(int document) => new StoredTextReader(TextOf(document)).ReadText();

    public string TitleOf(int document)
    {
        var reader = new StoredTextReader(TextOf(document));
        reader.ReadText();
        return reader.ReadText();
    }

    /// <summary>Without its chunks.</summary>
    public IndexedDocument Document(int document)
    {
        var reader = new StoredTextReader(TextOf(document));
        var id = reader.ReadText();
        var title = reader.ReadText();
        var uri = reader.ReadText();
        var count = (int)reader.ReadNumber();
        var metadata = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = reader.ReadText();
            metadata.Add(key, reader.ReadText());
        }

        return new IndexedDocument(id, VersionOf(document), title, uri, metadata, []);
    }

    public string ChunkIdOf(int row) => new StoredTextReader(ChunkTextOf(row)).ReadText();

    /// <summary>Without its vector.</summary>
    public IndexedChunk Chunk(int row)
    {
        var record = RecordOf(row);
        var reader = new StoredTextReader(ChunkTextOf(row));
        var id = reader.ReadText();
        var headings = new string[reader.ReadNumber()];
        for (var i = 0; i < headings.Length; i++)
        {
            headings[i] = reader.ReadText();
        }

        return new IndexedChunk(id, record.Ordinal, headings, reader.ReadText(), record.StartOffset, record.EndOffset, default);
    }

    /// <summary>The document of this id, -1 if there is none. With deleted documents about there may be several: <paramref name="live"/> has at most one of them.</summary>
    /// <param name="live">Documents to choose from.</param>
    public int Find(string documentId, RowSet live)
    {
        ArgumentNullException.ThrowIfNull(documentId);
        ArgumentNullException.ThrowIfNull(live);
        var hash = DocumentIdEntry.HashOf(documentId);
        var ids = _ids.Values<DocumentIdEntry>();
        for (var at = FirstOf(ids, hash); at < ids.Length && ids[at].Hash == hash; at++)
        {
            if (live.Contains(ids[at].Document) && string.Equals(IdOf(ids[at].Document), documentId, StringComparison.Ordinal))
            {
                return ids[at].Document;
            }
        }

        return -1;
    }

    internal ChunkRecord RecordOf(int row) => _chunks.Values<ChunkRecord>()[row];

    internal ReadOnlySpan<byte> TextOf(int document)
    {
        var records = _records.Values<DocumentRecord>();
        return _texts.Slice(records[document].TextOffset, document + 1 < records.Length ? records[document + 1].TextOffset : _texts.Bytes);
    }

    internal ReadOnlySpan<byte> ChunkTextOf(int row)
    {
        var chunks = _chunks.Values<ChunkRecord>();
        return _chunkTexts.Slice(chunks[row].TextOffset, row + 1 < chunks.Length ? chunks[row + 1].TextOffset : _chunkTexts.Bytes);
    }

    private static int FirstOf(ReadOnlySpan<DocumentIdEntry> ids, ulong hash)
    {
        var (low, high) = (0, ids.Length);
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (ids[middle].Hash < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
