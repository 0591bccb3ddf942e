namespace RagPlatform.Documents;

/// <summary>Windows of the budget's size over the blocks' text, each beginning with the last words of the one before it.</summary>
internal sealed class FixedWindows(string text, ChunkingOptions options, TextCutter cutter)
{
    public IEnumerable<ChunkRange> Cut(IReadOnlyList<Block> blocks)
    {
        for (var first = 0; first < blocks.Count;)
        {
            var next = first + 1;
            while (next < blocks.Count && IsBlank(blocks[next - 1].End, blocks[next].Start))
            {
                next++;
            }

            foreach (var window in Cut(blocks[first].Start, blocks[next - 1].End))
            {
                yield return window;
            }

            first = next;
        }
    }

    private IEnumerable<ChunkRange> Cut(int start, int end)
    {
        var covered = start;
        for (var position = start; position < end;)
        {
            var window = cutter.Prefix(position, end);
            if (window.End <= covered)
            {
                // After the overlap comes a word that does not fit beside it.
                position = cutter.SkipSpaces(covered, end);
                continue;
            }

            yield return window;
            covered = window.End;
            var next = cutter.SkipSpaces(covered, end);
            position = next < end ? OverlapStart(window) ?? next : end;
        }
    }

    /// <summary>Where the last words of a window begin that are within the overlap; null where there are none.</summary>
    private int? OverlapStart(ChunkRange window)
    {
        if (options.OverlapTokens == 0)
        {
            return null;
        }

        var length = (int)((long)(window.End - window.Start) * options.OverlapTokens / Math.Max(window.Tokens, 1));
        for (var start = Math.Max(window.Start + 1, window.End - length); ;)
        {
            start = cutter.WordStart(start, window.End);
            if (start >= window.End)
            {
                return null;
            }

            var tokens = cutter.Count(start, window.End);
            if (tokens <= options.OverlapTokens)
            {
                return start;
            }

            start += (int)Math.Max(1, (long)(window.End - start) * (tokens - options.OverlapTokens) / tokens);
        }
    }

    private bool IsBlank(int start, int end) => text.AsSpan(start, end - start).IsWhiteSpace();
}
