namespace RagPlatform.Search.Segments;

/// <summary>The sections of one segment. Disposing it ends the life of every <see cref="Section"/> handed out.</summary>
public abstract class SegmentSections : IDisposable
{
    /// <exception cref="InvalidDataException">The segment has no such section.</exception>
    public abstract Section this[SectionId id] { get; }

    public abstract bool Has(SectionId id);

    /// <summary>Of all sections, in bytes.</summary>
    public abstract long Bytes { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
