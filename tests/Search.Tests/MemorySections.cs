using System.Runtime.InteropServices;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Tests;

/// <summary>A segment's sections in native memory, as a mapped file would give them.</summary>
internal sealed unsafe class MemorySections : SegmentSections
{
    private const int Alignment = 64;

    private readonly Dictionary<SectionId, Section> _sections = [];

    public static MemorySections Of(Action<ISectionWriter> write)
    {
        var writer = new Writer();
        write(writer);
        var sections = new MemorySections();
        foreach (var (id, stream) in writer.Streams)
        {
            var bytes = stream.ToArray();
            var pointer = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes.Length), Alignment);
            bytes.CopyTo(new Span<byte>(pointer, bytes.Length));
            sections._sections[id] = new Section(pointer, bytes.Length);
        }

        return sections;
    }

    public override Section this[SectionId id] =>
        _sections.TryGetValue(id, out var section) ? section : throw new InvalidDataException($"There is no section {id}.");

    public override long Bytes => _sections.Values.Sum(section => section.Bytes);

    public override bool Has(SectionId id) => _sections.ContainsKey(id);

    protected override void Dispose(bool disposing)
    {
        foreach (var section in _sections.Values)
        {
            NativeMemory.AlignedFree(section.Pointer);
        }

        _sections.Clear();
    }

    private sealed class Writer : ISectionWriter
    {
        public Dictionary<SectionId, MemoryStream> Streams { get; } = [];

        public Stream Begin(SectionId id)
        {
            var stream = new MemoryStream();
            return Streams.TryAdd(id, stream) ? stream : throw new InvalidOperationException($"Section {id} was written before.");
        }
    }
}
