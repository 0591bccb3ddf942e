using RagPlatform.Numerics;
using RagPlatform.Numerics.Threads;
using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>The forward pass: weights that may have changed are laid out anew; then each group of rows goes through all layers by itself, for no step mixes rows but attention, and that only within a text.</summary>
internal sealed class EncoderForward(
    BertConfig config, EncoderEmbeddings embeddings, TrainableLayer[] layers, EncoderPass pass, EncoderBuffers buffers, CancellationToken cancellationToken) : ITeamWork
{
    private bool repacks;

    public void Run(ThreadTeam team)
    {
        repacks = true;
        team.Run(layers.Length * TrainableLayer.LinearCount, this);
        repacks = false;
        team.Run(pass.Groups.Length, this);
    }

    public void Do(int thread, int piece)
    {
        if (repacks)
        {
            layers[piece / TrainableLayer.LinearCount].Linears[piece % TrainableLayer.LinearCount].Repack();
            return;
        }
        var (group, own) = (pass.Groups[piece], buffers.Threads[thread]);
        Embed(group);
        var input = buffers.Embedded;
        for (var layer = 0; layer < layers.Length; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Attend(layer, group, input, own);
            FeedForward(layer, group, own);
            input = buffers.Layers[layer].Output;
        }
    }

    private void Embed(RowGroup group)
    {
        var sums = Rows(buffers.EmbeddingSum, group, config.HiddenSize);
        var rest = sums;
        for (var text = group.FirstText; text < group.EndText; text++)
        {
            embeddings.Sum(pass.Texts[text], rest);
            rest = rest[(pass.Texts[text].Ids.Length * config.HiddenSize)..];
        }
        var embedded = Rows(buffers.Embedded, group, config.HiddenSize);
        embeddings.Norm.Forward(sums, embedded);
        pass.Site(-1, DropoutSite.Embeddings).Apply(embedded, config.HiddenSize, group.FirstRow, group.Rows);
    }

    private void Attend(int layer, RowGroup group, float[] input, ThreadBuffers own)
    {
        var (at, width) = (buffers.Layers[layer], config.HiddenSize);
        var x = Rows(input, group, width);
        Linear(layer, 0, group, x, Rows(at.QueryKeyValue, group, 3 * width), own);
        int size = config.HeadSize, stride = 3 * width;
        for (var text = group.FirstText; text < group.EndText; text++)
        {
            for (var head = 0; head < config.Heads; head++)
            {
                var queries = at.QueryKeyValue.AsSpan((pass.Starts[text] * stride) + (head * size));
                AttentionHead.Attend(
                    queries, queries[width..], queries[(2 * width)..], stride, pass.Texts[text].Ids.Length, size, 1 / MathF.Sqrt(size),
                    at.Context.AsSpan((pass.Starts[text] * width) + (head * size)), width, own.Attention,
                    pass.Site(layer, 0).OfHead(head, pass.Starts[text]));
            }
        }
        var sum = Rows(at.AttentionSum, group, width);
        Linear(layer, 1, group, Rows(at.Context, group, width), sum, own);
        pass.Site(layer, DropoutSite.AttentionOutput).Apply(sum, width, group.FirstRow, group.Rows);
        VectorMath.Add(sum, x);
        layers[layer].AttentionNorm.Forward(sum, Rows(at.AttentionNormed, group, width));
    }

    private void FeedForward(int layer, RowGroup group, ThreadBuffers own)
    {
        var (at, width) = (buffers.Layers[layer], config.HiddenSize);
        var x = Rows(at.AttentionNormed, group, width);
        var wide = Rows(at.Wide, group, config.IntermediateSize);
        Linear(layer, 2, group, x, wide, own);
        var activated = own.Wide.AsSpan(0, wide.Length);
        wide.CopyTo(activated);
        for (var row = 0; row < activated.Length; row += config.IntermediateSize)
        {
            VectorMath.Gelu(activated.Slice(row, config.IntermediateSize));
        }
        var sum = Rows(at.OutputSum, group, width);
        Linear(layer, 3, group, activated, sum, own);
        pass.Site(layer, DropoutSite.Output).Apply(sum, width, group.FirstRow, group.Rows);
        VectorMath.Add(sum, x);
        layers[layer].OutputNorm.Forward(sum, Rows(at.Output, group, width));
    }

    private void Linear(int layer, int linear, RowGroup group, ReadOnlySpan<float> x, Span<float> y, ThreadBuffers own)
    {
        var weights = layers[layer].Linears[linear];
        weights.Forward(
            x, Rows(buffers.Layers[layer].LowRank[linear], group, weights.Ranks), y, group.FirstRow, group.Rows, pass.LowRankSite(layer, linear), own.Dropped);
    }

    private static Span<float> Rows(float[] values, RowGroup group, int width) => values.AsSpan(group.FirstRow * width, group.Rows * width);
}
