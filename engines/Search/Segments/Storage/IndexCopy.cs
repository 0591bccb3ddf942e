using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>Writes what a snapshot holds as an index of its own, and reads it back. Opening that index restores it.</summary>
internal sealed class IndexCopy(IIndexFiles destination, SegmentBuilder builder, CollectionIndexOptions options)
{
    private const int BytesAtOnce = 1 << 20;

    private readonly IndexFolder _folder = new(destination);

    /// <exception cref="ArgumentException">There are files at the destination.</exception>
    /// <exception cref="IOException">It cannot be written, or does not read as it was written; what is there is no index.</exception>
    public void Write(IndexSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (destination.List() is { Count: > 0 } present)
        {
            throw new ArgumentException($"A snapshot needs an empty destination; '{present[0]}' is there. Give another one.", nameof(snapshot));
        }

        var segments = new List<ManifestSegment>();
        foreach (var view in snapshot.Segments.Where(view => !view.Segment.IsInMemory && view.LiveDocumentCount > 0))
        {
            segments.Add(new ManifestSegment(Copy(view.Segment, cancellationToken), view.LiveDocuments));
        }

        var memory = snapshot.Segments.Where(view => view.Segment.IsInMemory).ToList();
        if (memory.Count > 0)
        {
            var name = WriteVerified(file => builder.Merge(memory, file, cancellationToken));
            segments.Add(new ManifestSegment(name, RowSet.All(memory.Sum(view => view.LiveDocumentCount))));
        }

        ManifestFile.Save(destination, new IndexManifest(IndexConfiguration.Of(options), segments, []));
    }

    private string Copy(Segment segment, CancellationToken cancellationToken) => WriteVerified(file =>
    {
        for (var from = 0L; from < segment.Whole.Bytes; from += BytesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Append(segment.Whole.Slice(from, Math.Min(from + BytesAtOnce, segment.Whole.Bytes)));
        }
    });

    private string WriteVerified(Action<IAppendFile> write)
    {
        var name = _folder.NewSegmentName();
        using (var file = destination.Create(name))
        {
            write(file);
            file.Flush();
        }

        try
        {
            _folder.OpenSegment(name).Release();
        }
        catch (InvalidDataException exception)
        {
            throw new IOException($"The copy {name} does not read as it was written: {exception.Message}", exception);
        }

        return name;
    }
}
