namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>One line of a file, valid until the next is read.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Offset">Of its first byte in the file.</param>
/// <param name="Length">In bytes, also where it is too long to be held.</param>
/// <param name="Bytes">Without the line's end; empty where it is too long.</param>
/// <param name="IsTooLong">It was skipped.</param>
internal readonly record struct Line(int Number, long Offset, long Length, ReadOnlyMemory<byte> Bytes, bool IsTooLong)
{
    public bool IsBlank => !IsTooLong && Bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0;
}
