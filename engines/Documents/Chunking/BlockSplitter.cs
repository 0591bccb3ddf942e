using RagPlatform.Tokenization;

namespace RagPlatform.Documents;

/// <summary>Cuts a block into pieces that fit the budget: sentences or lines; what is longer, at words, then characters.</summary>
internal sealed class BlockSplitter(string text, TextCutter cutter)
{
    public IEnumerable<Piece> Split(Block block)
    {
        var isProse = block.Kind is not (BlockKind.Code or BlockKind.TableRow or BlockKind.TableHeader);
        foreach (var (start, end) in isProse ? Sentences(block) : Lines(block))
        {
            if (cutter.Whole(start, end) is { } whole)
            {
                yield return new Piece(start, end, whole.Tokens, block, IsSentence: isProse);
                continue;
            }

            for (var position = start; position < end; position = cutter.SkipSpaces(position, end))
            {
                var piece = cutter.Prefix(position, end);
                yield return new Piece(piece.Start, piece.End, piece.Tokens, block, IsSentence: false);
                position = piece.End;
            }
        }
    }

    private IEnumerable<(int Start, int End)> Sentences(Block block) =>
        SentenceSplitter.Split(text.AsSpan(block.Start, block.End - block.Start))
            .Select(range => (block.Start + range.Start.Value, block.Start + range.End.Value));

    private IEnumerable<(int Start, int End)> Lines(Block block)
    {
        for (var start = block.Start; start < block.End;)
        {
            var newLine = text.IndexOf('\n', start, block.End - start);
            var end = newLine < 0 ? block.End : newLine;
            var first = cutter.SkipSpaces(start, end);
            if (first < end)
            {
                yield return (first, cutter.TrimEnd(first, end));
            }

            start = end + 1;
        }
    }
}
