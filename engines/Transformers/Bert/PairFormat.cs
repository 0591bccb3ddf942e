using RagPlatform.Tokenization;

namespace RagPlatform.Transformers.Bert;

/// <summary>How two texts become one input: [CLS] a [SEP] b [SEP] in BERT, &lt;s&gt; a &lt;/s&gt; &lt;/s&gt; b &lt;/s&gt; in RoBERTa.</summary>
internal sealed class PairFormat
{
    private readonly int begin;
    private readonly int end;
    private readonly int[] between;
    private readonly int room;

    private PairFormat(int begin, int end, int[] between, int maxTokens)
    {
        (this.begin, this.end, this.between) = (begin, end, between);
        room = maxTokens - between.Length - 2;
        if (room < 2)
        {
            throw new InvalidDataException($"The model reads {maxTokens} tokens; a query and a passage need {between.Length + 4} at least.");
        }
    }

    public static PairFormat Of(ITextTokenizer tokenizer, BertConfig config, int maxTokens) =>
        tokenizer.Encode("", BertTokenizer.SpecialTokens).Ids is [var begin, var end]
            ? new PairFormat(begin, end, config.IsRoberta ? [end, end] : [end], maxTokens)
            : throw new InvalidDataException("The tokenizer does not put one token before a text and one after it.");

    public EncodedPair Join(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var (firstKept, secondKept) = Keep(first.Length, second.Length);
        return new EncodedPair(
            [begin, .. first[..firstKept], .. between, .. second[..secondKept], end],
            1 + firstKept + between.Length, first.Length - firstKept, second.Length - secondKept);
    }

    /// <summary>Tokens of the second text that are kept at least, beside so many of the first.</summary>
    public int RoomBeside(int first) => room - Math.Min(first, room / 2);

    /// <summary>Hugging Face tokenizers' LongestFirst: an odd token goes to the longer text, to the second of two alike.</summary>
    private (int First, int Second) Keep(int first, int second)
    {
        if (first + second <= room)
        {
            return (first, second);
        }
        var (less, more) = (room / 2, room - room / 2);
        return first <= second
            ? first <= less ? (first, room - first) : (less, more)
            : second <= less ? (room - second, second) : (more, less);
    }
}
