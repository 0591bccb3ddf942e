using System.Runtime.InteropServices;
using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>
/// The file that says which files count. It is replaced in one step: written under another name, flushed, renamed. It
/// holds its content twice, in two halves that each begin at a multiple of 4 KiB, so that one damaged place costs
/// nothing: segments and logs could be found without it, but not which of their documents are deleted.
/// </summary>
internal static class ManifestFile
{
    public const string Name = "manifest";

    public const string DraftName = "manifest.new";

    private const int PageBytes = 4096;

    public static void Save(IIndexFiles files, IndexManifest manifest)
    {
        var content = manifest.Write();
        var half = new byte[(Marshal.SizeOf<Header>() + content.Length + PageBytes - 1) / PageBytes * PageBytes];
        var header = Header.Of(content);
        MemoryMarshal.Write(half, header);
        content.CopyTo(half.AsSpan(Marshal.SizeOf<Header>()));

        files.Delete(DraftName);
        using (var file = files.Create(DraftName))
        {
            file.Append(half);
            file.Append(half);
            file.Flush();
        }

        files.Rename(DraftName, Name);
    }

    /// <exception cref="InvalidDataException">Both halves are damaged.</exception>
    public static IndexManifest Read(IIndexFiles files)
    {
        using var file = files.Map(Name);
        var bytes = file.Bytes.Values<byte>();
        var content = Content(bytes) is { IsEmpty: false } first ? first : Content(bytes[(bytes.Length / 2)..]);
        return content.IsEmpty ? throw new InvalidDataException("Both copies in the manifest are damaged.") : IndexManifest.Read(content);
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> half)
    {
        if (half.Length < Marshal.SizeOf<Header>())
        {
            return default;
        }

        var header = MemoryMarshal.Read<Header>(half);
        var content = half[Marshal.SizeOf<Header>()..];
        return header.Length > 0 && header.Length <= content.Length && header == Header.Of(content[..(int)header.Length]) ? content[..(int)header.Length] : default;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private readonly record struct Header(ulong Magic, uint Version, uint Checksum, long Length)
    {
        /// <summary>"RAGINDEX" as it is read in a file.</summary>
        private const ulong ManifestMagic = 0x5845_444E_4947_4152;

        private const uint CurrentVersion = 1;

        public static Header Of(ReadOnlySpan<byte> content) => new(ManifestMagic, CurrentVersion, Segments.Checksum.Of(content), content.Length);
    }
}
