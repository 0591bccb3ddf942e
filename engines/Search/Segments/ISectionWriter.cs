using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments;

/// <summary>Takes a segment's sections, one after the other, each once.</summary>
public interface ISectionWriter
{
    /// <summary>Begins a section and ends the one before it. What is written to the stream becomes the section's bytes; the stream is the writer's.</summary>
    /// <exception cref="InvalidOperationException">The section was written before.</exception>
    Stream Begin(SectionId id);
}

public static class SectionWriterExtensions
{
    /// <summary>Writes a whole section of values as they lie in memory (little-endian).</summary>
    public static void Write<T>(this ISectionWriter writer, SectionId id, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(writer);
        var stream = writer.Begin(id);
        // A span of bytes ends at 2 GiB; a section need not.
        const int ValuesAtOnce = 1 << 20;
        for (var from = 0; from < values.Length; from += ValuesAtOnce)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Slice(from, Math.Min(ValuesAtOnce, values.Length - from))));
        }
    }
}
