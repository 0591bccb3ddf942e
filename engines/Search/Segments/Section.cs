namespace RagPlatform.Search.Segments;

/// <summary>
/// A segment's section where it lies: in a mapped file or in memory of our own, aligned to 64 bytes. Valid as long as the
/// <see cref="SegmentSections"/> it came from; whoever reads holds those open.
/// </summary>
public readonly unsafe struct Section(byte* pointer, long bytes)
{
    public byte* Pointer => pointer;

    public long Bytes => bytes;

    /// <summary>The section as values. Must not be kept.</summary>
    /// <exception cref="InvalidDataException">The section's length is no multiple of the value's.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged =>
        bytes % sizeof(T) == 0 && bytes / sizeof(T) <= int.MaxValue
            ? new ReadOnlySpan<T>(pointer, (int)(bytes / sizeof(T)))
            : throw new InvalidDataException($"A section of {bytes} bytes does not hold whole values of {sizeof(T)} bytes.");

    /// <summary>Must not be kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not all of it is in the section, or it is longer than a span can be.</exception>
    public ReadOnlySpan<byte> Slice(long from, long until)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until, bytes);
        return new ReadOnlySpan<byte>(pointer + from, checked((int)(until - from)));
    }
}
