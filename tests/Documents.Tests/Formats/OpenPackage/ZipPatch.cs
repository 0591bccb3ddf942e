using System.Buffers.Binary;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>Makes a ZIP lie, in the fields of its directory (APPNOTE 4.3.12).</summary>
internal static class ZipPatch
{
    public const int Flags = 8;
    public const int Method = 10;
    public const int Checksum = 16;
    public const int PackedBytes = 20;
    public const int DeclaredBytes = 24;
    public const int HeaderOffset = 42;

    /// <summary>Writes a field of an entry's directory header, two bytes wide or four.</summary>
    public static byte[] Set(this byte[] zip, string path, int field, uint value)
    {
        var header = Header(zip, path);
        if (field is Flags or Method)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[field..], (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[field..], value);
        }

        return zip;
    }

    /// <summary>Gives an entry another name of the same length.</summary>
    public static byte[] Rename(this byte[] zip, string path, string name)
    {
        Encoding.UTF8.GetBytes(name).CopyTo(Header(zip, path)[46..]);
        return zip;
    }

    /// <summary>Where the end record stands.</summary>
    public static int End(byte[] zip) => zip.AsSpan().LastIndexOf("PK\x05\x06"u8);

    private static Span<byte> Header(byte[] zip, string path)
    {
        var name = Encoding.UTF8.GetBytes(path);
        for (var i = 0; (i = zip.AsSpan(i).IndexOf("PK\x01\x02"u8) is >= 0 and var found ? i + found : -1) >= 0; i++)
        {
            if (zip.AsSpan(i + 46).StartsWith(name) && BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(i + 28)) == name.Length)
            {
                return zip.AsSpan(i);
            }
        }

        throw new ArgumentException($"The ZIP has no entry {path}.", nameof(path));
    }
}
