using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RagPlatform.Numerics;

/// <summary>A hint that memory will be read soon; nothing where the machine takes none from .NET.</summary>
public static unsafe class Prefetch
{
    private const int CacheLineBytes = 64;

    /// <param name="start">Any address; a wrong one is ignored by the machine.</param>
    /// <param name="bytes">From there on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read(void* start, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (var at = 0; at < bytes; at += CacheLineBytes)
            {
                Sse.Prefetch0((byte*)start + at);
            }
        }
    }
}
