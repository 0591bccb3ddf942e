namespace RagPlatform.Documents;

/// <summary>
/// Cuts a document where its structure says: a heading begins a chunk unless the section before it is tiny, neighbouring
/// blocks are packed together, and only a block over the budget is cut, at sentences or lines, then words. Every
/// non-blank character of a block is in a chunk; time is linear in the text.
/// </summary>
public sealed class Chunker
{
    private readonly ChunkingOptions _options;
    private readonly TokenCounter _count;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Chunker(ChunkingOptions options, TokenCounter count)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(count);
        options.Validate();
        _options = options;
        _count = count;
    }

    /// <summary>The chunks in order; only after a cut inside a block do neighbours overlap.</summary>
    public IReadOnlyList<Chunk> Chunk(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var packer = new ChunkPacker(document.Text, _options, _count);
        var splitter = new BlockSplitter(document.Text, _options, _count);
        foreach (var block in document.Blocks)
        {
            if (block.Kind == BlockKind.Heading)
            {
                packer.EndSection();
            }

            if (WholeBlock(document.Text, block) is { } whole)
            {
                packer.Add(whole);
                continue;
            }

            foreach (var piece in splitter.Split(block))
            {
                packer.Add(piece);
            }
        }

        return packer.Finish();
    }

    private Piece? WholeBlock(string text, Block block)
    {
        var length = block.End - block.Start;
        if (length > _options.MaxCharacters)
        {
            return null;
        }

        var tokens = _count(text.AsSpan(block.Start, length));
        return tokens <= _options.MaxTokens ? new Piece(block.Start, block.End, tokens, block, IsSentence: false) : null;
    }
}
