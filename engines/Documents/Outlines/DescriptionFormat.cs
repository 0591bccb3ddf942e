namespace RagPlatform.Documents;

/// <summary>What a document says about itself, and what is to be known of how it was read.</summary>
public sealed record DocumentDescription(string Title, DocumentProperties Properties, IReadOnlyList<string> Warnings);

/// <summary>title, language, author, created, modified (offset date ticks, -1: none), pages, metadata, warnings.</summary>
public static class DescriptionFormat
{
    private const byte Version = 1;

    public static byte[] Write(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return OutlineStream.Write(Version, writer =>
        {
            var properties = document.Properties;
            writer.Write(document.Title);
            writer.Write(properties.Language);
            writer.Write(properties.Author);
            WriteTime(writer, properties.CreatedAt);
            WriteTime(writer, properties.ModifiedAt);
            writer.Write7BitEncodedInt(properties.PageCount);
            writer.Write7BitEncodedInt(properties.Metadata.Count);
            foreach (var (key, value) in properties.Metadata)
            {
                writer.Write(key);
                writer.Write(value);
            }

            writer.Write7BitEncodedInt(document.Warnings.Count);
            foreach (var warning in document.Warnings)
            {
                writer.Write(warning);
            }
        });
    }

    /// <exception cref="InvalidDataException">Damaged, or written by a later release.</exception>
    public static DocumentDescription Read(ReadOnlyMemory<byte> data) => OutlineStream.Read(data, Version, reader =>
    {
        var title = reader.ReadString();
        var properties = new DocumentProperties
        {
            Language = reader.ReadString(),
            Author = reader.ReadString(),
            CreatedAt = ReadTime(reader),
            ModifiedAt = ReadTime(reader),
            PageCount = reader.ReadUpTo(int.MaxValue),
            Metadata = ReadMetadata(reader),
        };
        var warnings = new string[reader.ReadCount(minBytes: 1)];
        for (var i = 0; i < warnings.Length; i++)
        {
            warnings[i] = reader.ReadString();
        }

        return new DocumentDescription(title, properties, warnings);
    });

    private static Dictionary<string, string> ReadMetadata(BinaryReader reader)
    {
        var metadata = new Dictionary<string, string>();
        for (var left = reader.ReadCount(minBytes: 2); left > 0; left--)
        {
            metadata[reader.ReadString()] = reader.ReadString();
        }

        return metadata;
    }

    private static void WriteTime(BinaryWriter writer, DateTimeOffset? time)
    {
        writer.Write(time?.Ticks ?? -1);
        if (time is { } known)
        {
            writer.Write((short)known.TotalOffsetMinutes);
        }
    }

    private static DateTimeOffset? ReadTime(BinaryReader reader) =>
        reader.ReadInt64() is var ticks && ticks < 0 ? null : new DateTimeOffset(ticks, TimeSpan.FromMinutes(reader.ReadInt16()));
}
