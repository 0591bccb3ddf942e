using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Vectors;

internal static class CheckedSections
{
    /// <summary>Where the section begins.</summary>
    /// <exception cref="InvalidDataException">It is not there, or not of that size.</exception>
    public static unsafe byte* Checked(this SegmentSections sections, SectionId id, long bytes)
    {
        var section = sections[id];
        return section.Bytes == bytes
            ? section.Pointer
            : throw new InvalidDataException($"The section {id} has {section.Bytes} bytes; by the segment's statistics it has {bytes}.");
    }
}
