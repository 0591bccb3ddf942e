using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Numerics.Threads;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// The backward pass, layer by layer from the last. In each, the groups of rows go through the layer one beside the other; then
/// the weights' gradients, sums over all rows, are shared out by their own parts, and the groups' shares are summed in order.
/// </summary>
internal sealed class EncoderBackward(
    BertConfig config, EncoderEmbeddings embeddings, TrainableLayer[] layers, ShareLayout shares, bool full,
    EncoderPass pass, EncoderBuffers buffers, CancellationToken cancellationToken) : ITeamWork
{
    private readonly WeightPiece[] pieces = full ? WeightPiece.Cut(layers[0]) : [];
    private int layer;
    private Step step;

    private enum Step
    {
        Rows,
        Weights,
        Embeddings,
    }

    /// <summary>Adds to the parameters' gradients; the gradient of the last hidden states is in the buffers.</summary>
    public void Run(ThreadTeam team)
    {
        for (layer = layers.Length - 1; layer >= 0; layer--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Run(team, Step.Rows, pass.Groups.Length);
            Run(team, Step.Weights, pieces.Length + ShareLayout.Parts);
        }
        if (full)
        {
            Run(team, Step.Embeddings, pass.Groups.Length);
            for (var group = 0; group < pass.Groups.Length; group++)
            {
                embeddings.Norm.AddShare(Share(group, embeddings.Norm.ShareLength));
            }
            for (var text = 0; text < pass.Texts.Length; text++)
            {
                embeddings.AddGradient(pass.Texts[text], buffers.Gradient.AsSpan(pass.Starts[text] * config.HiddenSize));
            }
        }
    }

    public void Do(int thread, int piece)
    {
        switch (step)
        {
            case Step.Rows:
                var share = Share(piece, shares.Length);
                share.Clear();
                FeedForward(pass.Groups[piece], share, buffers.Threads[thread]);
                Attend(pass.Groups[piece], share, buffers.Threads[thread]);
                break;
            case Step.Weights when piece < pieces.Length:
                AddWeightGradient(pieces[piece], buffers.Threads[thread].Multiply);
                break;
            case Step.Weights:
                for (var group = 0; group < pass.Groups.Length; group++)
                {
                    shares.AddTo(layers[layer], piece - pieces.Length, Share(group, shares.Length));
                }
                break;
            default:
                Embed(pass.Groups[piece], Share(piece, embeddings.Norm.ShareLength));
                break;
        }
    }

    private void Run(ThreadTeam team, Step next, int count)
    {
        step = next;
        team.Run(count, this);
    }

    private void FeedForward(RowGroup group, Span<float> share, ThreadBuffers own)
    {
        var (at, width) = (buffers.Layers[layer], config.HiddenSize);
        var gradient = Rows(buffers.Gradient, group, width);
        layers[layer].OutputNorm.Backward(Rows(at.OutputSum, group, width), gradient, shares.Of(share, 5));
        var output = Rows(buffers.OutputGradient, group, width);
        gradient.CopyTo(output);
        pass.Site(layer, DropoutSite.Output).Apply(output, width, group.FirstRow, group.Rows);

        var wide = Rows(at.Wide, group, config.IntermediateSize);
        var wideGradient = Rows(buffers.WideGradient, group, config.IntermediateSize);
        InputGradient(3, group, output, wideGradient, accumulate: false, own);
        for (var row = 0; row < wide.Length; row += config.IntermediateSize)
        {
            GeluGradient.Apply(wide.Slice(row, config.IntermediateSize), wideGradient.Slice(row, config.IntermediateSize));
        }
        ShareGradient(3, group, wide, output, share, own);
        InputGradient(2, group, wideGradient, gradient, accumulate: true, own);
        ShareGradient(2, group, Rows(at.AttentionNormed, group, width), wideGradient, share, own);
    }

    private void Attend(RowGroup group, Span<float> share, ThreadBuffers own)
    {
        var (at, width) = (buffers.Layers[layer], config.HiddenSize);
        var gradient = Rows(buffers.Gradient, group, width);
        layers[layer].AttentionNorm.Backward(Rows(at.AttentionSum, group, width), gradient, shares.Of(share, 4));
        var output = Rows(buffers.AttentionGradient, group, width);
        gradient.CopyTo(output);
        pass.Site(layer, DropoutSite.AttentionOutput).Apply(output, width, group.FirstRow, group.Rows);

        var context = own.Wide.AsSpan(0, group.Rows * width);
        InputGradient(1, group, output, context, accumulate: false, own);
        ShareGradient(1, group, Rows(at.Context, group, width), output, share, own);
        int size = config.HeadSize, stride = 3 * width;
        for (var text = group.FirstText; text < group.EndText; text++)
        {
            for (var head = 0; head < config.Heads; head++)
            {
                var queries = at.QueryKeyValue.AsSpan((pass.Starts[text] * stride) + (head * size));
                AttentionGradient.Apply(
                    queries, queries[width..], queries[(2 * width)..], stride, pass.Texts[text].Ids.Length, size, 1 / MathF.Sqrt(size),
                    context[(((pass.Starts[text] - group.FirstRow) * width) + (head * size))..], width,
                    queries, queries[width..], queries[(2 * width)..], own.Attention, pass.Site(layer, 0).OfHead(head, pass.Starts[text]));
            }
        }
        var projected = Rows(at.QueryKeyValue, group, stride);
        // Below the first layer nothing is trained but in full.
        InputGradient(0, group, projected, layer > 0 || full ? gradient : [], accumulate: true, own);
        ShareGradient(0, group, Rows(InputOf(layer), group, width), projected, share, own);
    }

    private void InputGradient(int linear, RowGroup group, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate, ThreadBuffers own) =>
        layers[layer].Linears[linear].InputGradient(
            dy, own.LowRank, dx, accumulate, group.FirstRow, group.Rows, pass.LowRankSite(layer, linear), own.Dropped);

    private void ShareGradient(int linear, RowGroup group, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> share, ThreadBuffers own)
    {
        var weights = layers[layer].Linears[linear];
        weights.ShareGradient(
            x, Rows(buffers.Layers[layer].LowRank[linear], group, weights.Ranks), dy, own.LowRank, group.FirstRow, group.Rows,
            pass.LowRankSite(layer, linear), shares.Of(share, linear), own.Dropped, own.Multiply);
    }

    private void Embed(RowGroup group, Span<float> share)
    {
        share.Clear();
        var gradient = Rows(buffers.Gradient, group, config.HiddenSize);
        pass.Site(-1, DropoutSite.Embeddings).Apply(gradient, config.HiddenSize, group.FirstRow, group.Rows);
        embeddings.Norm.Backward(Rows(buffers.EmbeddingSum, group, config.HiddenSize), gradient, share);
    }

    private void AddWeightGradient(WeightPiece piece, float[] workspace)
    {
        var at = buffers.Layers[layer];
        var linear = layers[layer].Linears[piece.Linear];
        var (x, dy) = piece.Linear switch
        {
            0 => (InputOf(layer), at.QueryKeyValue),
            1 => (at.Context, buffers.AttentionGradient),
            2 => (at.AttentionNormed, buffers.WideGradient),
            _ => (at.Wide, buffers.OutputGradient),
        };
        TransposedMultiply.Add(
            dy.AsSpan(piece.FirstOutput), linear.Outputs, x.AsSpan(piece.FirstInput), linear.Inputs, pass.Rows,
            linear.Parts[piece.Part].Weight.Gradient.AsSpan((piece.FirstRow * linear.Inputs) + piece.FirstInput), linear.Inputs, piece.Rows, piece.Columns, workspace);
    }

    private float[] InputOf(int of) => of == 0 ? buffers.Embedded : buffers.Layers[of - 1].Output;

    private Span<float> Share(int group, int length) => buffers.Shares.AsSpan(group * length, length);

    private static Span<float> Rows(float[] values, RowGroup group, int width) => values.AsSpan(group.FirstRow * width, group.Rows * width);
}
