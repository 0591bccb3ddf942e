using System.IO.Compression;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>Packs texts into a ZIP, in the order given.</summary>
internal sealed class ZipFile
{
    private readonly List<(string Path, byte[] Content)> _entries = [];

    public IReadOnlyList<string> Paths => [.. _entries.Select(entry => entry.Path)];

    public ZipFile Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    public ZipFile Add(string path, byte[] content)
    {
        _entries.RemoveAll(entry => entry.Path == path);
        _entries.Add((path, content));
        return this;
    }

    public byte[] Content(string path) => _entries.Find(entry => entry.Path == path).Content;

    public ZipFile Copy()
    {
        var copy = new ZipFile();
        copy._entries.AddRange(_entries);
        return copy;
    }

    public byte[] Build(CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in _entries)
            {
                var entry = zip.CreateEntry(path, path == "mimetype" ? CompressionLevel.NoCompression : level);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }
}
