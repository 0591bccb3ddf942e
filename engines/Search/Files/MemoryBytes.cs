using System.Runtime.InteropServices;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Files;

/// <summary>
/// Bytes in memory of our own, aligned to 64: written like a file, then read like one. Once <see cref="Bytes"/> was
/// taken nothing may be appended. Not synchronised.
/// </summary>
public sealed unsafe class MemoryBytes : IAppendFile, IMappedFile
{
    private const int Alignment = 64;

    private readonly Allocation _allocation = new();
    private long _capacity;
    private bool _isTaken;

    /// <param name="capacity">Bytes to begin with; there is always room for more.</param>
    public MemoryBytes(long capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _allocation.Resize(capacity);
        _capacity = capacity;
    }

    public long Length { get; private set; }

    public Section Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_allocation.IsClosed, this);
            _isTaken = true;
            return new Section(_allocation.Pointer, Length);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_allocation.IsClosed, this);
        if (_isTaken)
        {
            throw new InvalidOperationException("Someone reads these bytes; they cannot grow any more.");
        }

        if (Length + bytes.Length > _capacity)
        {
            _capacity = Math.Max(_capacity * 2, Length + bytes.Length);
            _allocation.Resize(_capacity);
        }

        bytes.CopyTo(new Span<byte>(_allocation.Pointer + Length, bytes.Length));
        Length += bytes.Length;
    }

    public void Flush()
    {
    }

    public void Dispose() => _allocation.Dispose();

    private sealed class Allocation() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        public byte* Pointer => (byte*)handle;

        public void Resize(long bytes) => SetHandle((nint)NativeMemory.AlignedRealloc((void*)handle, (nuint)bytes, Alignment));

        protected override bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            return true;
        }
    }
}
