using System.Runtime.InteropServices;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>A whole extracted document as bytes, for a pipe between two processes of the same program. Blocks share their strings.</summary>
internal static class DocumentSerializer
{
    public static void Write(BinaryWriter writer, ExtractedDocument document)
    {
        writer.Write(document.Text.Length);
        writer.Write(MemoryMarshal.AsBytes(document.Text.AsSpan()));
        writer.Write(document.Title);
        WriteBlocks(writer, document.Blocks);
        WriteProperties(writer, document.Properties);
        writer.Write(document.Links.Count);
        foreach (var link in document.Links)
        {
            writer.Write(link.Start);
            writer.Write(link.End);
            writer.Write(link.Target);
        }

        writer.Write(document.Warnings.Count);
        foreach (var warning in document.Warnings)
        {
            writer.Write(warning);
        }
    }

    /// <exception cref="InvalidDataException">A count or a range is none.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    public static ExtractedDocument Read(BinaryReader reader)
    {
        var text = ReadText(reader);
        return new ExtractedDocument(text, reader.ReadString(), ReadBlocks(reader, text.Length))
        {
            Properties = ReadProperties(reader),
            Links = ReadMany(reader, DocumentExtractor.MaxLinks, () => new DocumentLink(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString())),
            Warnings = ReadMany(reader, DocumentExtractor.MaxWarnings, reader.ReadString),
        };
    }

    private static string ReadText(BinaryReader reader)
    {
        var characters = ReadCount(reader, DocumentExtractor.MaxTextCharacters);
        return string.Create(characters, reader, static (text, reader) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(text)));
    }

    private static void WriteBlocks(BinaryWriter writer, IReadOnlyList<Block> blocks)
    {
        var strings = new StringTable();
        var paths = new Dictionary<IReadOnlyList<string>, int>(ReferenceEqualityComparer.Instance);
        var distinctPaths = new List<IReadOnlyList<string>>();
        foreach (var block in blocks)
        {
            if (paths.TryAdd(block.HeadingPath, distinctPaths.Count))
            {
                distinctPaths.Add(block.HeadingPath);
            }
        }

        foreach (var text in distinctPaths.SelectMany(path => path).Concat(blocks.Select(block => block.Location?.Part ?? "")))
        {
            strings.Add(text);
        }

        strings.Write(writer);
        writer.Write(distinctPaths.Count);
        foreach (var path in distinctPaths)
        {
            writer.Write(path.Count);
            foreach (var heading in path)
            {
                writer.Write(strings.IndexOf(heading));
            }
        }

        writer.Write(blocks.Count);
        foreach (var block in blocks)
        {
            writer.Write((byte)block.Kind);
            writer.Write(block.Start);
            writer.Write(block.End);
            writer.Write(paths[block.HeadingPath]);
            writer.Write(block.Location is not null);
            if (block.Location is { } location)
            {
                writer.Write((byte)location.Kind);
                writer.Write(location.Number);
                writer.Write(strings.IndexOf(location.Part));
            }
        }
    }

    private static List<Block> ReadBlocks(BinaryReader reader, int textCharacters)
    {
        var strings = ReadMany(reader, int.MaxValue, reader.ReadString);
        var paths = ReadMany<IReadOnlyList<string>>(reader, DocumentExtractor.MaxBlocks, () => ReadMany(reader, int.MaxValue, () => strings[ReadIndex(reader, strings.Count)]));
        return ReadMany(reader, DocumentExtractor.MaxBlocks, () =>
        {
            var kind = (BlockKind)reader.ReadByte();
            var start = reader.ReadInt32();
            var end = reader.ReadInt32();
            if (start < 0 || end <= start || end > textCharacters)
            {
                throw new InvalidDataException($"A block from {start} to {end} lies outside a text of {textCharacters} characters.");
            }

            var path = paths[ReadIndex(reader, paths.Count)];
            var location = reader.ReadBoolean()
                ? new SourceLocation((LocationKind)reader.ReadByte(), reader.ReadInt32(), strings[ReadIndex(reader, strings.Count)])
                : null;
            return new Block(kind, start, end, path) { Location = location };
        });
    }

    private static void WriteProperties(BinaryWriter writer, DocumentProperties properties)
    {
        writer.Write(properties.Language);
        writer.Write(properties.Author);
        writer.Write(properties.PageCount);
        WriteTime(writer, properties.CreatedAt);
        WriteTime(writer, properties.ModifiedAt);
        writer.Write(properties.Metadata.Count);
        foreach (var (key, value) in properties.Metadata)
        {
            writer.Write(key);
            writer.Write(value);
        }
    }

    private static DocumentProperties ReadProperties(BinaryReader reader) => new()
    {
        Language = reader.ReadString(),
        Author = reader.ReadString(),
        PageCount = reader.ReadInt32(),
        CreatedAt = ReadTime(reader),
        ModifiedAt = ReadTime(reader),
        Metadata = ReadMany(reader, int.MaxValue, () => (Key: reader.ReadString(), Value: reader.ReadString())).ToDictionary(entry => entry.Key, entry => entry.Value),
    };

    private static void WriteTime(BinaryWriter writer, DateTimeOffset? time)
    {
        writer.Write(time is not null);
        writer.Write(time?.Ticks ?? 0);
        writer.Write((short)(time?.Offset.TotalMinutes ?? 0));
    }

    private static DateTimeOffset? ReadTime(BinaryReader reader)
    {
        var isKnown = reader.ReadBoolean();
        var ticks = reader.ReadInt64();
        var offset = TimeSpan.FromMinutes(reader.ReadInt16());
        return isKnown ? new DateTimeOffset(ticks, offset) : null;
    }

    private static List<T> ReadMany<T>(BinaryReader reader, int limit, Func<T> read)
    {
        var count = ReadCount(reader, limit);
        var items = new List<T>(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            items.Add(read());
        }

        return items;
    }

    private static int ReadCount(BinaryReader reader, int limit)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= limit ? count : throw new InvalidDataException($"A count is {count}; the limit is {limit}.");
    }

    private static int ReadIndex(BinaryReader reader, int count)
    {
        var index = reader.ReadInt32();
        return index >= 0 && index < count ? index : throw new InvalidDataException($"An index is {index} of {count}.");
    }

    private sealed class StringTable
    {
        private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
        private readonly List<string> _strings = [];

        public void Add(string text)
        {
            if (_indices.TryAdd(text, _strings.Count))
            {
                _strings.Add(text);
            }
        }

        public int IndexOf(string text) => _indices[text];

        public void Write(BinaryWriter writer)
        {
            writer.Write(_strings.Count);
            foreach (var text in _strings)
            {
                writer.Write(text);
            }
        }
    }
}
