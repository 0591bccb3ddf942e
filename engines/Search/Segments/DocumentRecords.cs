using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments;

/// <summary>Where a document is found by its id: sorted by hash; those of equal hash follow one another.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal readonly record struct DocumentIdEntry(ulong Hash, int Document)
{
    /// <summary>FNV-1a of the UTF-16 code units (Fowler, Noll and Vo), the same on every machine and in every process.</summary>
    public static ulong HashOf(ReadOnlySpan<char> documentId)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var unit in documentId)
        {
            hash = (hash ^ unit) * 0x100000001b3UL;
        }

        return hash;
    }
}

/// <param name="TextOffset">Into the section of document texts, where id, title, uri and metadata follow one another up to the next document's.</param>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal readonly record struct DocumentRecord(long Version, long TextOffset);

/// <param name="TextOffset">Into the section of chunk texts, where chunk id, headings and text follow one another up to the next chunk's.</param>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal readonly record struct ChunkRecord(long TextOffset, int Ordinal, int StartOffset, int EndOffset);
