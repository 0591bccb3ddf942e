namespace RagPlatform.Documents;

/// <summary>Writes and reads one part of an outline: its form's version, then whatever that form holds.</summary>
internal static class OutlineStream
{
    public static byte[] Write(byte version, Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(version);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">Of another version, or damaged: memory is bounded by the length of the data all the same.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> data, byte version, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(new MemoryStream(data.ToArray(), writable: false));
        try
        {
            var written = reader.ReadByte();
            return written == version ? read(reader) : throw new InvalidDataException($"The outline is of form {written}; known is {version}.");
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or IOException or ArgumentException)
        {
            throw new InvalidDataException("The outline is damaged.", exception);
        }
    }

    /// <summary>How many items follow, each of at least <paramref name="minBytes"/>.</summary>
    public static int ReadCount(this BinaryReader reader, int minBytes)
    {
        var count = reader.Read7BitEncodedInt();
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && (long)count * minBytes <= left ? count : throw new InvalidDataException($"The outline claims {count} items in {left} bytes.");
    }

    /// <summary>A number of 0 to <paramref name="max"/>.</summary>
    public static int ReadUpTo(this BinaryReader reader, int max)
    {
        var value = reader.Read7BitEncodedInt();
        return value >= 0 && value <= max ? value : throw new InvalidDataException($"The outline holds {value} where 0 to {max} may stand.");
    }
}
