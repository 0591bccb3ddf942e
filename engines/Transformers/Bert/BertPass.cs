using RagPlatform.Numerics;
using RagPlatform.Numerics.Threads;
using RagPlatform.Transformers.Bert.Adapters;

namespace RagPlatform.Transformers.Bert;

/// <summary>
/// One forward pass through the layers, of a few texts one after the other, shared by a team of threads step by step. No
/// step mixes rows but attention, and that only within a text, so what a row becomes depends neither on the texts beside
/// it nor on how the steps are shared out.
/// </summary>
/// <param name="config">The encoder's shape.</param>
/// <param name="scratch">Its hidden states are the first layer's input and the last one's output.</param>
/// <param name="starts">Where each text begins among the rows; last, the number of rows.</param>
/// <param name="team">Who computes.</param>
/// <param name="adapter">Beside the weights; null for none.</param>
internal sealed class BertPass(BertConfig config, BertScratch scratch, int[] starts, ThreadTeam team, EncoderAdapter? adapter) : ITeamWork
{
    // Two pieces for each thread: one that comes late takes less.
    private readonly int pieces = team.Threads == 1 ? 1 : 2 * team.Threads;

    private BertLayer layer = null!;
    private LinearAdapter? beside;
    private LinearInput lowered = scratch.Hidden;
    private Step step;

    private enum Step
    {
        Lower,
        Project,
        Attend,
        PrepareContext,
        Gather,
        NormAttention,
        Widen,
        PrepareWide,
        Narrow,
        NormOutput,
    }

    private int Rows => starts[^1];

    public void Run(BertLayer[] layers)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            layer = layers[i];
            Lower(i, 0, scratch.Hidden);
            Run(Step.Project, pieces);
            Run(Step.Attend, (starts.Length - 1) * config.Heads);
            Run(Step.PrepareContext, pieces);
            Lower(i, 1, scratch.Context);
            Run(Step.Gather, pieces);
            Run(Step.NormAttention, pieces);
            Lower(i, 2, scratch.Hidden);
            Run(Step.Widen, pieces);
            Run(Step.PrepareWide, pieces);
            Lower(i, 3, scratch.Intermediate);
            Run(Step.Narrow, pieces);
            Run(Step.NormOutput, pieces);
        }
    }

    public void Do(int thread, int piece)
    {
        switch (step)
        {
            case Step.Lower:
                LowerRows(piece);
                break;
            case Step.Project:
                layer.QueryKeyValue.Apply(scratch.Hidden, scratch.QueryKeyValue, Rows, Activation.None, piece, pieces, beside, scratch.LowRank);
                break;
            case Step.Attend:
                Attend(piece / config.Heads, piece % config.Heads, scratch.Workspace(thread));
                break;
            case Step.PrepareContext:
                Prepare(scratch.Context, piece);
                break;
            case Step.Gather:
                layer.AttentionOutput.Apply(scratch.Context, scratch.Output, Rows, Activation.None, piece, pieces, beside, scratch.LowRank);
                break;
            case Step.NormAttention:
                AddAndNorm(layer.AttentionNorm, piece);
                break;
            case Step.Widen:
                layer.Intermediate.Apply(scratch.Hidden, scratch.Intermediate.Values, Rows, Activation.Gelu, piece, pieces, beside, scratch.LowRank);
                break;
            case Step.PrepareWide:
                Prepare(scratch.Intermediate, piece);
                break;
            case Step.Narrow:
                layer.Output.Apply(scratch.Intermediate, scratch.Output, Rows, Activation.None, piece, pieces, beside, scratch.LowRank);
                break;
            default:
                AddAndNorm(layer.OutputNorm, piece);
                break;
        }
    }

    private void Run(Step next, int count)
    {
        step = next;
        team.Run(count, this);
    }

    /// <summary>What the adapter makes of the next linear layer's input.</summary>
    private void Lower(int at, int linear, LinearInput input)
    {
        beside = adapter?.Find(at, linear);
        if (beside is not null)
        {
            lowered = input;
            Run(Step.Lower, pieces);
        }
    }

    private void LowerRows(int piece)
    {
        var (first, end) = RowsOf(piece);
        var width = lowered.Values.Length / scratch.MaxRows;
        beside!.Lower(lowered.Values.AsSpan(first * width), scratch.LowRank.AsSpan(first * beside.Ranks), end - first);
    }

    /// <summary>softmax(Q·Kᵀ / √size)·V of one head of one text, into its columns of the context.</summary>
    private void Attend(int text, int head, float[] workspace)
    {
        int width = config.HiddenSize, size = config.HeadSize, stride = 3 * width;
        var queries = scratch.QueryKeyValue.AsSpan((starts[text] * stride) + (head * size));
        var context = scratch.Context.Values.AsSpan((starts[text] * width) + (head * size));
        AttentionHead.Attend(
            queries, queries[width..], queries[(2 * width)..], stride, starts[text + 1] - starts[text], size, 1 / MathF.Sqrt(size), context, width, workspace);
    }

    private void Prepare(LinearInput input, int piece)
    {
        if (input.Codes is null)
        {
            return;
        }
        var (first, end) = RowsOf(piece);
        for (var row = first; row < end; row++)
        {
            input.Prepare(row);
        }
    }

    private void AddAndNorm(Norm norm, int piece)
    {
        var width = config.HiddenSize;
        var (first, end) = RowsOf(piece);
        for (var row = first; row < end; row++)
        {
            norm.Apply(scratch.Hidden.Row(row), scratch.Output.AsSpan(row * width, width));
            scratch.Hidden.Prepare(row);
        }
    }

    private (int First, int End) RowsOf(int piece) => (Rows * piece / pieces, Rows * (piece + 1) / pieces);
}
