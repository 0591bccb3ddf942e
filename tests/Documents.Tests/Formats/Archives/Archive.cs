using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Archives;

/// <summary>Makes archives.</summary>
internal static class Archive
{
    public static byte[] Zip(params (string Path, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Zip(params (string Path, string Text)[] files) => Zip([.. files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text)))]);

    /// <summary>Sets the flag that says "encrypted" in every local and central header (APPNOTE 4.4.4).</summary>
    public static byte[] Encrypted(byte[] zip)
    {
        var bytes = zip.ToArray();
        for (var i = 0; i + 10 < bytes.Length; i++)
        {
            var flags = bytes.AsSpan(i) switch { [0x50, 0x4B, 3, 4, ..] => 6, [0x50, 0x4B, 1, 2, ..] => 8, _ => 0 };
            bytes[i + flags] |= (byte)(flags > 0 ? 1 : 0);
        }

        return bytes;
    }

    public static byte[] Tar(params (string Path, string Text)[] files) => Tar(tar =>
    {
        foreach (var (path, text) in files)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), ModificationTime = DateTimeOffset.UnixEpoch });
        }
    });

    public static byte[] Tar(Action<TarWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            write(tar);
        }

        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }
}
