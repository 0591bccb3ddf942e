namespace RagPlatform.Documents;

/// <summary>Fills chunks with pieces in order, up to the budget.</summary>
internal sealed class ChunkPacker(string text, ChunkingOptions options, TextCutter cutter)
{
    private readonly List<ChunkRange> _chunks = [];
    private readonly List<Piece> _open = [];
    private int _openTokens;
    private int _sectionTokens;
    /// <summary>How many of the open pieces the chunk before already holds.</summary>
    private int _repeated;

    /// <summary>A heading follows: by structure the section so far becomes a chunk unless it is tiny or only headings.</summary>
    public void EndSection()
    {
        if (options.Strategy is ChunkingStrategy.Structure && _sectionTokens >= options.TinySectionTokens && _open.Exists(piece => !piece.IsHeading))
        {
            Close();
            _sectionTokens = 0;
        }
    }

    public void Add(Piece piece)
    {
        if (_open.Count > 0 && !Fits(piece))
        {
            Carry(piece);
            while (_open.Count > 0 && !Fits(piece))
            {
                DropFirst();
            }
        }

        _openTokens += piece.Tokens + GapTokens(piece);
        _sectionTokens += piece.Tokens;
        _open.Add(piece);
    }

    public IReadOnlyList<ChunkRange> Finish()
    {
        Close();
        return _chunks;
    }

    private bool Fits(Piece piece)
    {
        return piece.End - _open[0].Start <= options.MaxCharacters
            && _openTokens + piece.Tokens + GapTokens(piece) <= options.MaxTokens;
    }

    /// <summary>Closes the chunk and begins the next with what belongs to it: trailing headings and introductions, or the overlap.</summary>
    private void Carry(Piece next)
    {
        var first = _open.Count;
        while (first > 0 && (_open[first - 1].IsHeading || Introduces(_open[first - 1], next)))
        {
            first--;
        }

        var leading = _open.GetRange(first, _open.Count - first);
        if (leading.Count > 0 && first > 0)
        {
            _open.RemoveRange(first, leading.Count);
            Close();
            Reopen(leading, repeated: 0);
            return;
        }

        List<Piece> closed = [.. _open];
        Close();
        var overlap = Overlap(closed, next.Block);
        Reopen(overlap, overlap.Count);
    }

    /// <summary>"To run the tests:" means little without the block that follows it, and that block little without it; so with a table's header.</summary>
    private bool Introduces(Piece piece, Piece next) =>
        !ReferenceEquals(piece.Block, next.Block)
        && ((piece.Tokens <= options.OverlapTokens && text[piece.End - 1] == ':')
            || (piece.Block.Kind is BlockKind.TableHeader && next.Block.Kind is BlockKind.TableRow));

    /// <summary>The last whole sentences (by structure: of the block being split), within the overlap, but never all of the last chunk.</summary>
    private List<Piece> Overlap(List<Piece> closed, Block block)
    {
        var tokens = 0;
        var first = closed.Count;
        while (first > 0
            && closed[first - 1] is { IsSentence: true } sentence
            && (options.Strategy is ChunkingStrategy.Sentence || ReferenceEquals(sentence.Block, block))
            && sentence.Start > _chunks[^1].Start
            && (tokens += sentence.Tokens) <= options.OverlapTokens)
        {
            first--;
        }

        return closed.GetRange(first, closed.Count - first);
    }

    private void Reopen(List<Piece> pieces, int repeated)
    {
        _open.AddRange(pieces);
        _repeated = repeated;
        _openTokens = pieces.Sum(piece => piece.Tokens);
    }

    /// <summary>Makes room: overlap is given up, headings become a chunk of their own.</summary>
    private void DropFirst()
    {
        if (_repeated == 0)
        {
            Close();
            return;
        }

        _openTokens -= _open[0].Tokens;
        _open.RemoveAt(0);
        _repeated--;
    }

    private void Close()
    {
        for (var first = 0; first < _open.Count && _repeated < _open.Count;)
        {
            var (pieces, tokens) = LongestFit(first);
            if (first + pieces > _repeated)
            {
                _chunks.Add(new ChunkRange(_open[first].Start, _open[first + pieces - 1].End, tokens));
            }

            first += pieces;
        }

        _open.Clear();
        _openTokens = 0;
        _repeated = 0;
    }

    /// <summary>Counts of parts need not add up to the count of the whole: where the whole is over the budget, fewer pieces are taken.</summary>
    private (int Pieces, int Tokens) LongestFit(int first)
    {
        for (var pieces = _open.Count - first; ; pieces--)
        {
            var tokens = cutter.Count(_open[first].Start, _open[first + pieces - 1].End);
            if (tokens <= options.MaxTokens || pieces == 1)
            {
                return (pieces, tokens);
            }
        }
    }

    /// <summary>Of what stands between the last piece and this one, such as markers and comments, when it is not blank.</summary>
    private int GapTokens(Piece piece)
    {
        if (_open.Count == 0)
        {
            return 0;
        }

        var start = _open[^1].End;
        return piece.Start - start > options.MaxCharacters || text.AsSpan(start, piece.Start - start).IsWhiteSpace() ? 0 : cutter.Count(start, piece.Start);
    }
}
