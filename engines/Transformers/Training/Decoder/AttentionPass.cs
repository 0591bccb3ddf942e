using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>Both passes of what lies between the queries, keys and values and what attention gathers: norms, rotation, attention.</summary>
internal sealed class AttentionPass
{
    private readonly DecoderConfig config;
    private readonly PassTeam team;
    private readonly DecoderActivations scratch;
    private readonly float[][] workspaces;
    private readonly int stride;
    private TokenPack pack = new([], [], []);
    private (int Text, int KeyHead)[] pieces = [];

    public AttentionPass(DecoderConfig config, PassTeam team, DecoderActivations scratch)
    {
        (this.config, this.team, this.scratch) = (config, team, scratch);
        stride = config.QuerySize + 2 * config.KeySize;
        workspaces = new float[team.Threads][];
        Array.Fill(workspaces, []);
    }

    private int Group => config.Heads / config.KeyHeads;

    /// <summary>Of the pack that the next passes are of.</summary>
    public void Begin(TokenPack tokens)
    {
        pack = tokens;
        var longest = tokens.LongestText;
        var frequencies = new RotaryFrequencies(config.Rotary, config.HeadSize, longest);
        for (var text = 0; text < tokens.Starts.Length; text++)
        {
            for (var row = tokens.Starts[text]; row < tokens.End(text); row++)
            {
                frequencies.CopyTo(row - tokens.Starts[text], Angles(scratch.Cosines, row), Angles(scratch.Sines, row));
                Angles(scratch.Sines, row).CopyTo(Angles(scratch.NegativeSines, row));
                VectorMath.Scale(Angles(scratch.NegativeSines, row), -1);
            }
        }
        // Long texts first, so that no thread is left with one.
        pieces = [.. Enumerable.Range(0, tokens.Starts.Length).OrderByDescending(text => tokens.End(text) - tokens.Starts[text])
            .SelectMany(text => Enumerable.Range(0, config.KeyHeads).Select(head => (text, head)))];
        var length = Shape(longest).WorkspaceLength;
        if (workspaces[0].Length < length)
        {
            for (var i = 0; i < workspaces.Length; i++)
            {
                workspaces[i] = new float[length];
            }
        }
    }

    public void Forward(TrainedLayer layer, LayerActivations kept, int rows)
    {
        team.Rows(rows, row => Rotate(layer, kept, row));
        team.Pieces(pieces.Length, (thread, piece) =>
        {
            var at = Place(pieces[piece]);
            CausalAttention.Forward(
                kept.QueryKeyValue.AsSpan(at.Query), kept.QueryKeyValue.AsSpan(at.Key), kept.QueryKeyValue.AsSpan(at.Value), stride, Shape(at.Tokens),
                kept.Context.AsSpan(at.Context), config.QuerySize, kept.LogSums.AsSpan(at.LogSums), workspaces[thread]);
        });
    }

    /// <summary>From the context's gradient to that of queries, keys and values before they were normalised and rotated.</summary>
    public void Backward(TrainedLayer layer, LayerActivations kept, int rows)
    {
        var gradient = scratch.QueryKeyValueGradient;
        team.Pieces(pieces.Length, (thread, piece) =>
        {
            var at = Place(pieces[piece]);
            CausalAttention.Backward(
                kept.QueryKeyValue.AsSpan(at.Query), kept.QueryKeyValue.AsSpan(at.Key), kept.QueryKeyValue.AsSpan(at.Value), stride, Shape(at.Tokens),
                kept.Context.AsSpan(at.Context), scratch.ContextGradient.AsSpan(at.Context), config.QuerySize, kept.LogSums.AsSpan(at.LogSums),
                gradient.AsSpan(at.Query), gradient.AsSpan(at.Key), gradient.AsSpan(at.Value), workspaces[thread]);
        });
        team.Rows(rows, row =>
        {
            for (var head = 0; head < config.Heads + config.KeyHeads; head++)
            {
                VectorMath.Rotate(Head(gradient, stride, row, head), Angles(scratch.Cosines, row), Angles(scratch.NegativeSines, row));
            }
        });
        if (layer.QueryNorm is not null)
        {
            AddGains(layer, kept, rows);
            team.Rows(rows, row => Denormalise(layer, kept, row));
        }
    }

    private void Rotate(TrainedLayer layer, LayerActivations kept, int row)
    {
        if (layer.QueryNorm is not null)
        {
            var width = config.QuerySize + config.KeySize;
            kept.QueryKeyValue.AsSpan(row * stride, width).CopyTo(kept.RawQueryKey.AsSpan(row * width));
        }
        for (var head = 0; head < config.Heads + config.KeyHeads; head++)
        {
            var part = Head(kept.QueryKeyValue, stride, row, head);
            if (NormOf(layer, head) is { } norm)
            {
                VectorMath.RmsNorm(part, norm.Gain, config.NormEpsilon, part);
            }
            VectorMath.Rotate(part, Angles(scratch.Cosines, row), Angles(scratch.Sines, row));
        }
    }

    private void Denormalise(TrainedLayer layer, LayerActivations kept, int row)
    {
        Span<float> output = stackalloc float[config.HeadSize];
        for (var head = 0; head < config.Heads + config.KeyHeads; head++)
        {
            var gradient = Head(scratch.QueryKeyValueGradient, stride, row, head);
            gradient.CopyTo(output);
            gradient.Clear();
            RmsNormGradient.AddSource(
                Head(kept.RawQueryKey, config.QuerySize + config.KeySize, row, head), NormOf(layer, head)!.Gain, config.NormEpsilon, output, gradient);
        }
    }

    private void AddGains(TrainedLayer layer, LayerActivations kept, int rows)
    {
        if (layer.QueryNorm!.Parameter is null)
        {
            return;
        }
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < config.Heads + config.KeyHeads; head++)
            {
                RmsNormGradient.AddGain(
                    Head(kept.RawQueryKey, config.QuerySize + config.KeySize, row, head), config.NormEpsilon,
                    Head(scratch.QueryKeyValueGradient, stride, row, head), NormOf(layer, head)!.Parameter!.Gradient);
            }
        }
    }

    private TrainedNorm? NormOf(TrainedLayer layer, int head) => head < config.Heads ? layer.QueryNorm : layer.KeyNorm;

    private Span<float> Head(float[] values, int width, int row, int head) => values.AsSpan(row * width + head * config.HeadSize, config.HeadSize);

    private Span<float> Angles(float[] values, int row) => values.AsSpan(row * (config.HeadSize / 2), config.HeadSize / 2);

    private CausalAttentionShape Shape(int tokens) => new(tokens, config.HeadSize, Group, 1 / MathF.Sqrt(config.HeadSize));

    private (int Tokens, int Query, int Key, int Value, int Context, int LogSums) Place((int Text, int KeyHead) piece)
    {
        var (start, heads) = (pack.Starts[piece.Text], piece.KeyHead * Group);
        var tokens = pack.End(piece.Text) - start;
        var key = start * stride + config.QuerySize + piece.KeyHead * config.HeadSize;
        return (
            tokens, start * stride + heads * config.HeadSize, key, key + config.KeySize,
            start * config.QuerySize + heads * config.HeadSize, start * config.Heads + heads * tokens);
    }
}
