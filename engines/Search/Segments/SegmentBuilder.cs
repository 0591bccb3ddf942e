using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Segments;

/// <summary>Makes segments: of documents, and of segments. Safe for concurrent use.</summary>
public sealed class SegmentBuilder(CollectionIndexOptions options)
{
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
        var vectors = new List<VectorMergeSource>(sources.Length);
        foreach (var source in sources)
        {
            var newRows = source.NewRows(rows);
            fields.Add(new FieldMergeSource(source.Segment.Fields, source.NewDocuments(documents)));
            vectors.Add(new VectorMergeSource(source.Segment.Vectors, newRows));
            rows += source.LiveRowCount;
            documents += source.LiveDocumentCount;
        }

        FieldSectionWriter.Merge(writer, fields, cancellationToken);
        VectorSectionWriter.Merge(writer, vectors, rows, options, cancellationToken);
        writer.Finish();
    }
}
