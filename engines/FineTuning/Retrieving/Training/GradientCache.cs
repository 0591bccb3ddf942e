using RagPlatform.FineTuning.Loop;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>
/// Vectors of any number of texts that share one loss, in the memory of a few: the texts are read in pieces, without what
/// a backward pass needs; the loss gives each vector its gradient; then each piece is read again and its gradient goes back
/// (Gao et al. 2021, arXiv:2101.06983). A piece draws the same dropout both times, so the gradient is that of one pass over all.
/// </summary>
/// <param name="encoder">Whose parameters learn.</param>
/// <param name="pooling">Of a text's vector from its tokens'.</param>
/// <param name="pieceTokens">Of a piece at most; a longer text has a piece of its own.</param>
/// <param name="threads">At least 1.</param>
internal sealed class GradientCache(TrainableEncoder encoder, VectorPooling pooling, int pieceTokens, int threads)
{
    private readonly int width = encoder.HiddenSize;

    /// <summary>Vectors [texts, hidden] without dropout; not of unit length.</summary>
    public float[] Read(IReadOnlyList<EncodedText> texts, CancellationToken cancellationToken)
    {
        var vectors = new float[texts.Count * width];
        encoder.Infer(texts, (text, hidden) =>
        {
            pooling.Pool(hidden, vectors.AsSpan(text * width, width));
            return text;
        }, threads, cancellationToken);
        return vectors;
    }

    /// <summary>Adds the gradient of a loss to the encoder's parameters.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="seed">Of the dropout.</param>
    /// <param name="gradientOf">Vectors [texts, hidden] to their gradients.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    public void Learn(IReadOnlyList<EncodedText> texts, ulong seed, Func<float[], float[]> gradientOf, CancellationToken cancellationToken)
    {
        var vectors = new float[texts.Count * width];
        var pieces = Cut(texts);
        for (var piece = 0; piece < pieces.Count - 1; piece++)
        {
            using var passing = Forward(texts, pieces, piece, seed, vectors, cancellationToken);
        }
        float[] gradients;
        // The last piece's activations serve its way back: where one piece is all, nothing is read twice.
        using (var last = Forward(texts, pieces, pieces.Count - 1, seed, vectors, cancellationToken))
        {
            gradients = gradientOf(vectors);
            Backward(last, pieces[^1].First, gradients, cancellationToken);
        }
        for (var piece = 0; piece < pieces.Count - 1; piece++)
        {
            using var again = Forward(texts, pieces, piece, seed, vectors, cancellationToken);
            Backward(again, pieces[piece].First, gradients, cancellationToken);
        }
    }

    private EncoderActivations Forward(
        IReadOnlyList<EncodedText> texts, List<(int First, int Count)> pieces, int piece, ulong seed, float[] vectors, CancellationToken cancellationToken)
    {
        var (first, count) = pieces[piece];
        var activations = encoder.Forward([.. texts.Skip(first).Take(count)], RandomSeed.Derive(seed, (ulong)piece), threads, cancellationToken);
        for (var i = 0; i < count; i++)
        {
            pooling.Pool(activations.HiddenOf(i), vectors.AsSpan((first + i) * width, width));
        }
        return activations;
    }

    private void Backward(EncoderActivations activations, int firstText, float[] gradients, CancellationToken cancellationToken)
    {
        var hidden = new float[activations.Tokens * width];
        for (var i = 0; i < activations.Starts.Count - 1; i++)
        {
            var (start, end) = (activations.Starts[i], activations.Starts[i + 1]);
            pooling.Spread(gradients.AsSpan((firstText + i) * width, width), hidden.AsSpan(start * width, (end - start) * width));
        }
        encoder.Backward(activations, hidden, threads, cancellationToken);
    }

    private List<(int First, int Count)> Cut(IReadOnlyList<EncodedText> texts)
    {
        var pieces = new List<(int First, int Count)>();
        for (int first = 0, end; first < texts.Count; first = end)
        {
            var tokens = texts[first].Ids.Length;
            for (end = first + 1; end < texts.Count && tokens + texts[end].Ids.Length <= pieceTokens; end++)
            {
                tokens += texts[end].Ids.Length;
            }
            pieces.Add((first, end - first));
        }
        return pieces;
    }
}
