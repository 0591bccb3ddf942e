namespace RagPlatform.Documents;

/// <summary>
/// Cuts a document by one of the strategies. Every non-blank character of a block is in a chunk, starts and ends of chunks
/// grow, a surrogate pair is never cut and a user-perceived character only when it alone is over the budget; except by
/// <see cref="ChunkingStrategy.Fixed"/>, no sentence and no row of a table is cut that fits. Time is linear in the text.
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

    /// <summary>The chunks in order.</summary>
    public IReadOnlyList<Chunk> Chunk(ExtractedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var context = new ChunkContext(document);
        if (_options.Strategy is ChunkingStrategy.ParentChild)
        {
            AddChildren(document, context);
        }
        else
        {
            foreach (var range in Ranges(document))
            {
                context.Add(range);
            }
        }

        return context.Chunks;
    }

    private IEnumerable<ChunkRange> Ranges(ExtractedDocument document)
    {
        var cutter = new TextCutter(document.Text, _options, _count);
        if (_options.Strategy is ChunkingStrategy.Fixed)
        {
            return new FixedWindows(document.Text, _options, cutter).Cut(document.Blocks);
        }

        return _options.Strategy is ChunkingStrategy.Whole && document.Blocks.Count > 0 && cutter.Whole(document.Blocks[0].Start, document.Blocks[^1].End) is { } whole
            ? [whole]
            : Pack(document.Text, document.Blocks, _options.Strategy is ChunkingStrategy.Whole ? _options with { OverlapTokens = 0 } : _options);
    }

    private void AddChildren(ExtractedDocument document, ChunkContext context)
    {
        var structure = _options with { Strategy = ChunkingStrategy.Structure };
        var parents = structure with { MaxTokens = _options.ParentTokens, OverlapTokens = 0, MaxCharacters = ChunkingOptions.LargestMaxCharacters };
        var next = 0;
        foreach (var parent in Pack(document.Text, document.Blocks, parents))
        {
            foreach (var child in Pack(document.Text, BlocksOf(document.Blocks, parent, ref next), structure))
            {
                context.Add(child, new CharacterRange(parent.Start, parent.End));
            }
        }
    }

    /// <summary>The blocks within a parent; one that is longer is clipped.</summary>
    /// <param name="next">The first block that may reach into the parent; afterwards, into the next one.</param>
    private static List<Block> BlocksOf(IReadOnlyList<Block> blocks, ChunkRange parent, ref int next)
    {
        var within = new List<Block>();
        for (; next < blocks.Count && blocks[next].Start < parent.End; next++)
        {
            var block = blocks[next];
            if (block.End > parent.Start)
            {
                within.Add(block.Start >= parent.Start && block.End <= parent.End
                    ? block
                    : block with { Start = Math.Max(block.Start, parent.Start), End = Math.Min(block.End, parent.End) });
            }

            if (block.End > parent.End)
            {
                break;
            }
        }

        return within;
    }

    private IReadOnlyList<ChunkRange> Pack(string text, IReadOnlyList<Block> blocks, ChunkingOptions options)
    {
        var cutter = new TextCutter(text, options, _count);
        var packer = new ChunkPacker(text, options, cutter);
        var splitter = new BlockSplitter(text, cutter);
        foreach (var block in blocks)
        {
            if (block.Kind == BlockKind.Heading)
            {
                packer.EndSection();
            }

            if (options.Strategy is not ChunkingStrategy.Sentence && cutter.Whole(block.Start, block.End) is { } whole)
            {
                packer.Add(new Piece(whole.Start, whole.End, whole.Tokens, block, IsSentence: false));
                continue;
            }

            foreach (var piece in splitter.Split(block))
            {
                packer.Add(piece);
            }
        }

        return packer.Finish();
    }
}
