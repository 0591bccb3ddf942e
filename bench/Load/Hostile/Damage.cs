using System.IO.Compression;

namespace RagPlatform.Bench.Load.Hostile;

/// <summary>Damages good files in many ways, the same ones for a seed. What is inside an archive is damaged there, so that its checksums hold.</summary>
internal sealed class Damage(int seed, IReadOnlyList<byte[]> files)
{
    private const int MaxChanges = 6;
    private const int MaxRun = 64;
    private static readonly string[] Numbers = ["0", "-1", "65536", "2147483647", "4294967296", "99999999999999999999", "1e999", "NaN"];
    private readonly Random random = new(seed);

    public byte[] Next(byte[] file) => random.Next(3) > 0 && TryInside(file) is { } inside ? inside : Bytes(file);

    private byte[]? TryInside(byte[] file)
    {
        if (!file.AsSpan().StartsWith("PK\x03\x04"u8))
        {
            return null;
        }

        using var damaged = new MemoryStream();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file, writable: false), ZipArchiveMode.Read);
            using (var copy = new ZipArchive(damaged, ZipArchiveMode.Create, leaveOpen: true))
            {
                var hit = random.Next(Math.Max(1, archive.Entries.Count));
                for (var i = 0; i < archive.Entries.Count; i++)
                {
                    using var content = new MemoryStream();
                    using (var entry = archive.Entries[i].Open())
                    {
                        entry.CopyTo(content);
                    }

                    var name = i == hit && random.Next(8) == 0 ? Name(archive.Entries[i].FullName) : archive.Entries[i].FullName;
                    using var target = copy.CreateEntry(name, CompressionLevel.Fastest).Open();
                    target.Write(i == hit ? Bytes(content.ToArray()) : content.ToArray());
                }
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return damaged.ToArray();
    }

    private string Name(string name) => random.Next(5) switch
    {
        0 => "../../" + name,
        1 => "/etc/" + name,
        2 => "C:\\" + name,
        3 => new string('a', 4000),
        _ => name + "\0.txt",
    };

    private byte[] Bytes(byte[] file)
    {
        var bytes = file.ToList();
        for (var changes = random.Next(1, MaxChanges); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, MaxRun), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, "\0\"'<>{}[],;:=&#/\\\n\r\t "u8.ToArray().AsSpan(random.Next(20), 1).ToArray());
                    break;
                case 5:
                    bytes.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]));
                    break;
                case 6:
                    var other = files[random.Next(files.Count)];
                    bytes.InsertRange(at, other.Skip(random.Next(other.Length)).Take(length));
                    break;
                default:
                    for (var i = at; i < at + length; i++)
                    {
                        bytes[i] = 0xFF;
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
