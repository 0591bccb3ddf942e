using System.Buffers;
using RagPlatform.Tokenization;

namespace RagPlatform.Documents;

/// <summary>Cuts a block that is over the budget into pieces that are not: sentences or lines, then words, then characters.</summary>
internal sealed class BlockSplitter(string text, ChunkingOptions options, TokenCounter count)
{
    private const int LikelyCharactersPerToken = 5;

    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n\f\v\u00A0\u2003\u3000");

    public IEnumerable<Piece> Split(Block block)
    {
        var isProse = block.Kind is not (BlockKind.Code or BlockKind.TableRow or BlockKind.TableHeader);
        foreach (var (start, end) in isProse ? Sentences(block) : Lines(block))
        {
            if (end - start <= options.MaxCharacters && count(text.AsSpan(start, end - start)) is var tokens && tokens <= options.MaxTokens)
            {
                yield return new Piece(start, end, tokens, block, IsSentence: isProse);
                continue;
            }

            for (var position = start; position < end; position = SkipSpaces(position, end))
            {
                var piece = Prefix(position, end, block);
                yield return piece;
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
            var first = SkipSpaces(start, end);
            if (first < end)
            {
                yield return (first, TrimEnd(first, end));
            }

            start = end + 1;
        }
    }

    /// <summary>The longest beginning that fits the budget, up to a word's end where it holds one; at least one character.</summary>
    private Piece Prefix(int start, int end, Block block)
    {
        var longest = Math.Min(end - start, options.MaxCharacters);
        var length = Math.Min(longest, options.MaxTokens * LikelyCharactersPerToken);
        while (true)
        {
            var cut = WordEnd(start, length, end);
            var tokens = count(text.AsSpan(start, cut - start));
            if (tokens <= options.MaxTokens || cut - start <= 2)
            {
                return new Piece(start, cut, tokens, block, IsSentence: false);
            }

            length = Math.Max(1, Math.Min(cut - start - 1, (int)((long)(cut - start) * options.MaxTokens / tokens)));
        }
    }

    /// <summary>Where to cut after at most <paramref name="length"/> characters: not in a word if avoidable, never in a surrogate pair.</summary>
    private int WordEnd(int start, int length, int end)
    {
        var cut = start + length;
        if (cut < end && !char.IsWhiteSpace(text[cut]))
        {
            var space = text.AsSpan(start, length).LastIndexOfAny(Spaces);
            if (space > 0)
            {
                return TrimEnd(start, start + space);
            }

            if (char.IsHighSurrogate(text[cut - 1]) && char.IsLowSurrogate(text[cut]))
            {
                cut += length == 1 ? 1 : -1;
            }
        }

        return TrimEnd(start, cut);
    }

    private int SkipSpaces(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    private int TrimEnd(int start, int end)
    {
        while (end > start + 1 && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }
}
