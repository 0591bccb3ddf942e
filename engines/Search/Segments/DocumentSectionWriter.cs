using System.Buffers;

namespace RagPlatform.Search.Segments;

/// <summary>Writes the documents and chunks of a segment, as <see cref="DocumentTable"/> reads them.</summary>
internal static class DocumentSectionWriter
{
    public static void Write(ISectionWriter writer, IReadOnlyList<IndexedDocument> documents)
    {
        var ids = new DocumentIdEntry[documents.Count];
        var records = new DocumentRecord[documents.Count];
        var firstRows = new int[documents.Count + 1];
        var texts = new ArrayBufferWriter<byte>();
        for (var document = 0; document < documents.Count; document++)
        {
            var content = documents[document];
            ids[document] = new DocumentIdEntry(DocumentIdEntry.HashOf(content.DocumentId), document);
            records[document] = new DocumentRecord(content.Version, texts.WrittenCount);
            firstRows[document + 1] = firstRows[document] + content.Chunks.Count;
            Append(texts, content);
        }

        WriteTables(writer, ids, records, firstRows);
        writer.Write(SectionId.DocumentTexts, texts.WrittenSpan);

        var chunks = new ChunkRecord[firstRows[^1]];
        texts.ResetWrittenCount();
        var row = 0;
        foreach (var chunk in documents.SelectMany(document => document.Chunks))
        {
            chunks[row++] = new ChunkRecord(texts.WrittenCount, chunk.Ordinal, chunk.StartOffset, chunk.EndOffset);
            Append(texts, chunk);
        }

        writer.Write<ChunkRecord>(SectionId.ChunkRows, chunks);
        writer.Write(SectionId.ChunkTexts, texts.WrittenSpan);
    }

    /// <summary>The chosen documents of each source, in order.</summary>
    public static void Merge(ISectionWriter writer, IReadOnlyList<SegmentMergeSource> sources, CancellationToken cancellationToken)
    {
        var documentCount = sources.Sum(source => source.LiveDocumentCount);
        var ids = new DocumentIdEntry[documentCount];
        var records = new DocumentRecord[documentCount];
        var firstRows = new int[documentCount + 1];
        var offset = 0L;
        ForEachDocument(sources, (table, from, document) =>
        {
            ids[document] = new DocumentIdEntry(DocumentIdEntry.HashOf(table.IdOf(from)), document);
            records[document] = new DocumentRecord(table.VersionOf(from), offset);
            offset += table.TextOf(from).Length;
            var (first, until) = table.RowsOf(from);
            firstRows[document + 1] = firstRows[document] + until - first;
        });
        cancellationToken.ThrowIfCancellationRequested();
        WriteTables(writer, ids, records, firstRows);
        var texts = writer.Begin(SectionId.DocumentTexts);
        ForEachDocument(sources, (table, from, _) => texts.Write(table.TextOf(from)));

        cancellationToken.ThrowIfCancellationRequested();
        var chunks = new ChunkRecord[firstRows[^1]];
        offset = 0;
        var row = 0;
        ForEachDocument(sources, (table, from, _) =>
        {
            var (first, until) = table.RowsOf(from);
            for (var fromRow = first; fromRow < until; fromRow++)
            {
                chunks[row++] = table.RecordOf(fromRow) with { TextOffset = offset };
                offset += table.ChunkTextOf(fromRow).Length;
            }
        });
        writer.Write<ChunkRecord>(SectionId.ChunkRows, chunks);

        cancellationToken.ThrowIfCancellationRequested();
        texts = writer.Begin(SectionId.ChunkTexts);
        ForEachDocument(sources, (table, from, _) =>
        {
            var (first, until) = table.RowsOf(from);
            for (var fromRow = first; fromRow < until; fromRow++)
            {
                texts.Write(table.ChunkTextOf(fromRow));
            }
        });
    }

    private static void ForEachDocument(IReadOnlyList<SegmentMergeSource> sources, Action<DocumentTable, int, int> visit)
    {
        var document = 0;
        foreach (var source in sources)
        {
            foreach (var from in source.LiveDocuments)
            {
                visit(source.Segment.Documents, from, document++);
            }
        }
    }

    private static void WriteTables(ISectionWriter writer, DocumentIdEntry[] ids, DocumentRecord[] records, int[] firstRows)
    {
        Array.Sort(ids, (left, right) => left.Hash != right.Hash ? left.Hash.CompareTo(right.Hash) : left.Document.CompareTo(right.Document));
        writer.Write<DocumentIdEntry>(SectionId.DocumentIds, ids);
        writer.Write<DocumentRecord>(SectionId.DocumentRecords, records);
        writer.Write<int>(SectionId.DocumentRows, firstRows);
        var documents = new int[firstRows[^1]];
        for (var document = 0; document < records.Length; document++)
        {
            documents.AsSpan(firstRows[document]..firstRows[document + 1]).Fill(document);
        }

        writer.Write<int>(SectionId.RowDocuments, documents);
    }

    private static void Append(ArrayBufferWriter<byte> texts, IndexedDocument document)
    {
        StoredText.Append(texts, document.DocumentId);
        StoredText.Append(texts, document.Title);
        StoredText.Append(texts, document.Uri);
        StoredText.Append(texts, (uint)document.Metadata.Count);
        foreach (var (key, value) in document.Metadata)
        {
            StoredText.Append(texts, key);
            StoredText.Append(texts, value);
        }
    }

    private static void Append(ArrayBufferWriter<byte> texts, IndexedChunk chunk)
    {
        StoredText.Append(texts, chunk.ChunkId);
        StoredText.Append(texts, (uint)chunk.HeadingPath.Count);
        foreach (var heading in chunk.HeadingPath)
        {
            StoredText.Append(texts, heading);
        }

        StoredText.Append(texts, chunk.Text);
    }
}
