using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>
/// All heads of a specialist over an encoder's hidden states. Heads of labels read the mean of all tokens, as the sentence
/// encoders that they stand on were trained to be read; heads of tags read each piece.
/// </summary>
/// <param name="specs">What each tells.</param>
/// <param name="heads">One for each.</param>
/// <param name="width">Of a hidden state.</param>
/// <param name="scale">
/// Of the hidden states before the heads: it makes a mean of about unit components, so that a head that begins at nothing learns as fast
/// on any encoder.
/// </param>
internal sealed class HeadSet(IReadOnlyList<HeadSpec> specs, IReadOnlyList<LinearHead> heads, int width, float scale)
{
    public IReadOnlyList<HeadSpec> Specs => specs;

    public IReadOnlyList<LinearHead> Heads => heads;

    public int Width => width;

    public float Scale => scale;

    /// <summary>The mean of a text's tokens, scaled.</summary>
    public float[] Pool(ReadOnlySpan<float> hidden)
    {
        var mean = new float[width];
        var tokens = hidden.Length / width;
        for (var token = 0; token < tokens; token++)
        {
            VectorMath.Add(mean, hidden.Slice(token * width, width));
        }

        VectorMath.Scale(mean, scale / tokens);
        return mean;
    }

    /// <summary>The text's own pieces, scaled [pieces, width].</summary>
    public float[] PiecesOf(SpecialistInput input, ReadOnlySpan<float> hidden)
    {
        var pieces = hidden.Slice(input.FirstPiece * width, input.Pieces * width).ToArray();
        VectorMath.Scale(pieces, scale);
        return pieces;
    }

    /// <summary>Of one text. Thread-safe.</summary>
    /// <param name="input">The text.</param>
    /// <param name="hidden">Its last hidden states [tokens, width].</param>
    public HeadLogits Read(SpecialistInput input, ReadOnlySpan<float> hidden)
    {
        var mean = Pool(hidden);
        var pieces = specs.Any(spec => spec.Kind == HeadKind.Tags) ? PiecesOf(input, hidden) : [];
        var logits = new float[specs.Count][];
        for (var head = 0; head < specs.Count; head++)
        {
            var isTags = specs[head].Kind == HeadKind.Tags;
            var rows = isTags ? input.Pieces : 1;
            logits[head] = new float[rows * specs[head].Outputs];
            heads[head].Forward(isTags ? pieces : mean, rows, logits[head]);
        }

        return new HeadLogits(logits);
    }
}
