namespace RagPlatform.Tokenization.Json.PreTokenizers;

/// <summary>Splits a text into words; no token crosses from one into the next (Hugging Face tokenizers, "pre_tokenizer").</summary>
internal interface IPreTokenizer
{
    /// <param name="words">Takes the words in order; empty ones do no harm.</param>
    void Split(AlignedText text, List<AlignedText> words);
}

internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Split(AlignedText text, List<AlignedText> words)
    {
        var current = new List<AlignedText> { text };
        foreach (var step in steps)
        {
            var next = new List<AlignedText>(current.Count);
            foreach (var word in current)
            {
                step.Split(word, next);
            }

            current = next;
        }

        words.AddRange(current);
    }
}

/// <summary>What becomes of the text that a pattern finds.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public void Split(AlignedText text, List<AlignedText> words)
    {
        var start = 0;
        var end = 0;
        var isOpen = false;
        var lastWasMatch = false;
        foreach (var (range, found) in pattern.Split(text.Characters))
        {
            var isMatch = found != invert;
            var joins = isOpen && behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !lastWasMatch,
                SplitBehavior.MergedWithNext => !isMatch && lastWasMatch,
                SplitBehavior.Contiguous => isMatch == lastWasMatch,
                _ => false,
            };
            if (!joins)
            {
                Close();
                start = range.Start.Value;
            }

            end = range.End.Value;
            isOpen = !(isMatch && behavior == SplitBehavior.Removed);
            lastWasMatch = isMatch;
        }

        Close();

        void Close()
        {
            if (isOpen && end > start)
            {
                words.Add(text.Slice(start, end - start));
            }
        }
    }
}
