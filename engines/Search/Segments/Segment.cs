using RagPlatform.Search.Files;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Segments;

/// <summary>
/// An immutable part of an index: whole documents with all that a search needs. Whoever reads one holds it, through the
/// <see cref="IndexSnapshot"/> it is in; when the last lets go, its bytes are unmapped.
/// </summary>
public sealed class Segment
{
    private readonly StoredSections _sections;
    private readonly string _file;
    private readonly Action<string>? _deleteFile;
    private int _holders = 1;
    private volatile bool _isObsolete;

    /// <summary>In memory. Held by the caller.</summary>
    /// <exception cref="InvalidDataException">These are not the bytes of a segment.</exception>
    public Segment(MemoryBytes bytes)
        : this(new StoredSections(bytes, isVerified: true), "", null)
    {
    }

    /// <param name="sections">The segment's from now on; also when this fails.</param>
    internal Segment(StoredSections sections, string file, Action<string>? deleteFile)
    {
        (_sections, _file, _deleteFile) = (sections, file, deleteFile);
        try
        {
            Documents = new DocumentTable(sections);
            Lexical = new LexicalSegment(sections);
            Vectors = new VectorSegment(sections);
            Fields = new FieldSegment(sections);
        }
        catch
        {
            sections.Dispose();
            throw;
        }
    }

    public DocumentTable Documents { get; }

    public LexicalSegment Lexical { get; }

    public VectorSegment Vectors { get; }

    public FieldSegment Fields { get; }

    public int RowCount => Documents.RowCount;

    public int DocumentCount => Documents.Count;

    /// <summary>What it takes, in its file or in memory.</summary>
    public long Bytes => _sections.Bytes;

    /// <summary>Empty for a segment in memory.</summary>
    internal string File => _file;

    internal bool IsInMemory => _file.Length == 0;

    /// <summary>Being merged into another one. Read and written by whoever may write to the index.</summary>
    internal bool IsClaimed { get; set; }

    internal Section Whole => _sections.Whole;

    /// <summary>Checks every byte again: what was right when it was opened may have gone bad on the disk.</summary>
    /// <exception cref="InvalidDataException">It has.</exception>
    internal void Verify() => _sections.Verify();

    /// <summary>One more holder. Only for those who know of one that does not let go meanwhile.</summary>
    internal void Acquire() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _sections.Dispose();
            if (_isObsolete)
            {
                _deleteFile?.Invoke(_file);
            }
        }
    }

    /// <summary>Nothing names its file any more: it is deleted once the last holder lets go. The caller is one.</summary>
    internal void DeleteOnRelease() => _isObsolete = true;
}
