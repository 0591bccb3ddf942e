namespace RagPlatform.Documents;

/// <summary>
/// The tree of headings, each with its parent's number; then blocks (kind, distance from the one before, length, number of its
/// heading); then links. A document of 10,000 blocks takes about 50 KB.
/// </summary>
public static class StructureFormat
{
    private const byte Version = 1;
    private const int MaxHeadingDepth = 512;

    /// <summary>Headings over all distinct paths, which paths share in memory only level by level.</summary>
    private const int MaxPathHeadings = 32 * 1024 * 1024;

    public static byte[] Write(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var headings = HeadingTree.Of(document.Blocks);
        return OutlineStream.Write(Version, writer =>
        {
            writer.Write7BitEncodedInt(headings.Nodes.Count);
            foreach (var (parent, text) in headings.Nodes)
            {
                writer.Write7BitEncodedInt(parent);
                writer.Write(text);
            }

            var end = 0;
            writer.Write7BitEncodedInt(document.Blocks.Count);
            foreach (var (block, heading) in document.Blocks.Zip(headings.OfBlocks))
            {
                writer.Write((byte)block.Kind);
                writer.Write7BitEncodedInt(block.Start - end);
                writer.Write7BitEncodedInt(block.End - block.Start);
                writer.Write7BitEncodedInt(heading);
                end = block.End;
            }

            writer.Write7BitEncodedInt(document.Links.Count);
            foreach (var link in document.Links)
            {
                writer.Write7BitEncodedInt(link.Start);
                writer.Write7BitEncodedInt(link.End - link.Start);
                writer.Write(link.Target);
            }
        });
    }

    /// <exception cref="InvalidDataException">Damaged, written by a later release, or of a longer text.</exception>
    public static (IReadOnlyList<Block> Blocks, IReadOnlyList<DocumentLink> Links) Read(ReadOnlyMemory<byte> data, int textLength) =>
        OutlineStream.Read(data, Version, reader =>
        {
            var paths = ReadPaths(reader);
            var blocks = new Block[reader.ReadCount(minBytes: 4)];
            for (int i = 0, end = 0; i < blocks.Length; i++)
            {
                var kind = (BlockKind)reader.ReadByte();
                var start = end + reader.ReadUpTo(textLength - end);
                end = start + reader.ReadUpTo(textLength - start);
                var path = paths[reader.ReadUpTo(paths.Length - 1)];
                blocks[i] = Enum.IsDefined(kind) && end > start ? new Block(kind, start, end, path) : throw new InvalidDataException($"Block {i} of the outline is none.");
            }

            var links = new DocumentLink[reader.ReadCount(minBytes: 3)];
            for (var i = 0; i < links.Length; i++)
            {
                var start = reader.ReadUpTo(textLength);
                links[i] = new DocumentLink(start, start + reader.ReadUpTo(textLength - start), reader.ReadString());
            }

            return ((IReadOnlyList<Block>)blocks, (IReadOnlyList<DocumentLink>)links);
        });

    /// <summary>By number; 0 is the path without headings.</summary>
    private static IReadOnlyList<string>[] ReadPaths(BinaryReader reader)
    {
        var paths = new IReadOnlyList<string>[reader.ReadCount(minBytes: 2) + 1];
        paths[0] = [];
        var total = 0L;
        for (var i = 1; i < paths.Length; i++)
        {
            var parent = paths[reader.ReadUpTo(i - 1)];
            total += parent.Count + 1;
            paths[i] = parent.Count < MaxHeadingDepth && total <= MaxPathHeadings
                ? [.. parent, reader.ReadString()]
                : throw new InvalidDataException($"Heading {i} of the outline is {parent.Count} deep, or there are too many.");
        }

        return paths;
    }
}
