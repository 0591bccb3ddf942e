using System.Runtime.InteropServices;

namespace RagPlatform.Search.Vectors;

/// <summary>Zeroed memory outside the managed heap, which may be larger than an array, aligned to cache lines.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;
    private const int BytesAtOnce = 1 << 20;

    /// <param name="length">In values.</param>
    public NativeBuffer(long length)
    {
        Length = length;
        var bytes = checked((nuint)(length * sizeof(T)));
        Pointer = (T*)NativeMemory.AlignedAlloc(Math.Max(bytes, 1), Alignment);
        NativeMemory.Clear(Pointer, bytes);
    }

    public T* Pointer { get; private set; }

    public long Length { get; }

    public void WriteTo(Stream stream)
    {
        var bytes = Length * sizeof(T);
        for (long from = 0; from < bytes; from += BytesAtOnce)
        {
            stream.Write(new ReadOnlySpan<byte>((byte*)Pointer + from, (int)Math.Min(BytesAtOnce, bytes - from)));
        }
    }

    public void Dispose()
    {
        if (Pointer is not null)
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
        }
    }
}
