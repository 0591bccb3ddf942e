using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Segments.Storage;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Segments;

/// <summary>Makes segments: of documents, and of segments. Safe for concurrent use.</summary>
public sealed class SegmentBuilder(CollectionIndexOptions options)
{
    private readonly TextAnalyzer _analyzer = new(options.Analyzer);

    /// <summary>Analyses the documents into a segment in memory.</summary>
    /// <exception cref="ArgumentException">A vector does not fit the index.</exception>
    public MemoryBytes Build(IReadOnlyList<IndexedDocument> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var bytes = new MemoryBytes();
        try
        {
            using var writer = new SegmentWriter(bytes);
            DocumentSectionWriter.Write(writer, documents);
            FieldSectionWriter.Write(writer, documents);
            LexicalSectionWriter.Write(writer, TermsOf(documents, cancellationToken));
            ReadOnlyMemory<float>[] vectors = [.. documents.SelectMany(document => document.Chunks).Select(chunk => chunk.Vector)];
            VectorSectionWriter.Write(writer, vectors, options, cancellationToken);
            writer.Finish();
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Writes the live documents of all views, in order, as one segment.</summary>
    /// <param name="file">Empty; flushed by the caller.</param>
    internal void Merge(IReadOnlyList<SegmentView> views, IAppendFile file, CancellationToken cancellationToken)
    {
        using var writer = new SegmentWriter(file);
        SegmentMergeSource[] sources = [.. views.Select(view => new SegmentMergeSource(view))];
        DocumentSectionWriter.Merge(writer, sources, cancellationToken);

        var (rows, documents) = (0, 0);
        var fields = new List<FieldMergeSource>(sources.Length);
        var terms = new List<LexicalMergeSource>(sources.Length);
        var vectors = new List<VectorMergeSource>(sources.Length);
        foreach (var source in sources)
        {
            var newRows = source.NewRows(rows);
            fields.Add(new FieldMergeSource(source.Segment.Fields, source.NewDocuments(documents)));
            terms.Add(new LexicalMergeSource(source.Segment.Lexical, newRows));
            vectors.Add(new VectorMergeSource(source.Segment.Vectors, newRows));
            rows += source.LiveRowCount;
            documents += source.LiveDocumentCount;
        }

        FieldSectionWriter.Merge(writer, fields, cancellationToken);
        LexicalSectionWriter.Merge(writer, terms, rows, cancellationToken);
        VectorSectionWriter.Merge(writer, vectors, rows, options, cancellationToken);
        writer.Finish();
    }

    /// <summary>Merges what is due of the segments in memory, so that they are few. False when nothing was.</summary>
    internal bool MergeInMemory(SnapshotDraft draft, int flushChunks)
    {
        var isChanged = false;
        while (MergePolicy.ChooseInMemory(draft.Views, flushChunks) is { Count: > 0 } sources)
        {
            var bytes = new MemoryBytes(sources.Sum(view => view.Segment.Bytes));
            Merge(sources, bytes, CancellationToken.None);
            draft.Put([.. sources.Select(view => view.Segment)], SegmentView.All(new Segment(bytes)));
            isChanged = true;
        }

        return isChanged;
    }

    private List<ChunkTerms> TermsOf(IReadOnlyList<IndexedDocument> documents, CancellationToken cancellationToken)
    {
        var terms = new List<ChunkTerms>();
        foreach (var document in documents)
        {
            foreach (var chunk in document.Chunks)
            {
                cancellationToken.ThrowIfCancellationRequested();
                terms.Add(ChunkTerms.Of(_analyzer, options, document.Title, chunk.HeadingPath, chunk.Text));
            }
        }

        return terms;
    }
}
