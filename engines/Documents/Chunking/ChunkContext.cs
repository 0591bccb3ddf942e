namespace RagPlatform.Documents;

/// <summary>
/// Tells what each chunk stands under and where. Chunks must come in order of their starts: the blocks are walked once.
/// </summary>
internal sealed class ChunkContext(ExtractedDocument document)
{
    private readonly IReadOnlyList<Block> _blocks = document.Blocks;
    private readonly List<Chunk> _chunks = [];
    private int _first;
    private Block? _header;
    private (Block Header, string Text) _headerText;

    public IReadOnlyList<Chunk> Chunks => _chunks;

    public void Add(ChunkRange range, CharacterRange? parent = null)
    {
        while (_first < _blocks.Count && _blocks[_first].End <= range.Start)
        {
            _header = HeaderAfter(_first);
            _first++;
        }

        var last = _first;
        while (last + 1 < _blocks.Count && _blocks[last + 1].Start < range.End)
        {
            last++;
        }

        _chunks.Add(new Chunk(_chunks.Count, range.Start, range.End, range.Tokens, HeadingPath(_first, last))
        {
            Parent = parent, FirstLocation = _blocks[_first].Location, LastLocation = _blocks[last].Location,
        });
    }

    /// <summary>The header that rows after this block stand under.</summary>
    private Block? HeaderAfter(int block) => _blocks[block].Kind switch { BlockKind.TableHeader => _blocks[block], BlockKind.TableRow when !StartsTable(block) => _header, _ => null };

    /// <summary>A blank line stands before it.</summary>
    private bool StartsTable(int row) => row > 0 && document.Text.AsSpan(_blocks[row - 1].End, _blocks[row].Start - _blocks[row - 1].End).Count('\n') > 1;

    private IReadOnlyList<string> HeadingPath(int first, int last)
    {
        var path = Headings(first, last);
        if (_blocks[first].Kind != BlockKind.TableRow || _header is null || StartsTable(first))
        {
            return path;
        }

        if (!ReferenceEquals(_headerText.Header, _header))
        {
            _headerText = (_header, TableHeaderText.Of(document.Text.AsSpan(_header.Start, _header.End - _header.Start)));
        }

        return _headerText.Text.Length == 0 ? path : [.. path, _headerText.Text];
    }

    /// <summary>What all have in common; headings count only where there is nothing else.</summary>
    private IReadOnlyList<string> Headings(int first, int last)
    {
        var hasBody = false;
        for (var i = first; i <= last && !hasBody; i++)
        {
            hasBody = _blocks[i].Kind != BlockKind.Heading;
        }

        IReadOnlyList<string>? common = null;
        for (var i = first; i <= last; i++)
        {
            var block = _blocks[i];
            if (hasBody && block.Kind == BlockKind.Heading)
            {
                continue;
            }

            common = common is null || ReferenceEquals(common, block.HeadingPath)
                ? block.HeadingPath
                : [.. common.Zip(block.HeadingPath).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }

        return common ?? [];
    }
}
