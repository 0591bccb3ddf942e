using RagPlatform.Tokenization;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>What is made of a text's last hidden states.</summary>
/// <param name="text">Its place among the texts.</param>
/// <param name="hidden">[its tokens, hidden].</param>
public delegate TResult HiddenStates<out TResult>(int text, ReadOnlySpan<float> hidden);

public sealed partial class TrainableEncoder
{
    /// <summary>Texts go through in batches of about so many tokens.</summary>
    private const int InferenceTokens = 4096;

    /// <summary>Last hidden states without dropout, and without what a backward pass would need.</summary>
    /// <param name="texts">Any number.</param>
    /// <param name="read">Makes the result of a text and its last hidden states [its tokens, hidden].</param>
    /// <param name="threads">From 1 to <see cref="ThreadTeam.MaxThreads"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    public TResult[] Infer<TResult>(IReadOnlyList<EncodedText> texts, HiddenStates<TResult> read, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Infer([.. texts.Select(text => new BertText(text.Ids, text.Ids.Length))], read, threads, cancellationToken);
    }

    /// <inheritdoc cref="Infer{TResult}(IReadOnlyList{EncodedText}, HiddenStates{TResult}, int, CancellationToken)"/>
    public TResult[] Infer<TResult>(IReadOnlyList<EncodedPair> pairs, HiddenStates<TResult> read, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return Infer([.. pairs.Select(pair => new BertText(pair.Ids, pair.SecondStart))], read, threads, cancellationToken);
    }

    private TResult[] Infer<TResult>(BertText[] texts, HiddenStates<TResult> read, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        var results = new TResult[texts.Length];
        for (int first = 0, end; first < texts.Length; first = end)
        {
            var tokens = texts[first].Ids.Length;
            for (end = first + 1; end < texts.Length && tokens + texts[end].Ids.Length <= InferenceTokens; end++)
            {
                tokens += texts[end].Ids.Length;
            }
            using var activations = Forward(texts[first..end], null, threads, keep: false, cancellationToken);
            for (var i = first; i < end; i++)
            {
                results[i] = read(i, activations.HiddenOf(i - first));
            }
        }
        return results;
    }
}
