namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>A batch's last hidden states, with what its backward pass needs. Dispose gives the memory back for the next batch.</summary>
public sealed class EncoderActivations : IDisposable
{
    private readonly Action<EncoderBuffers> release;
    private readonly int width;
    private EncoderBuffers? buffers;

    internal EncoderActivations(EncoderPass pass, EncoderBuffers buffers, int width, Action<EncoderBuffers> release)
    {
        (Pass, this.buffers, this.width, this.release) = (pass, buffers, width, release);
    }

    /// <summary>Of all texts.</summary>
    public int Tokens => Pass.Rows;

    /// <summary>Where each text begins among the tokens; last, the number of tokens.</summary>
    public IReadOnlyList<int> Starts => Pass.Starts;

    /// <summary>The last hidden states [tokens, hidden], the texts one after the other, without padding.</summary>
    public ReadOnlySpan<float> Hidden => Buffers.Layers[^1].Output.AsSpan(0, Tokens * width);

    internal EncoderPass Pass { get; }

    internal bool IsConsumed { get; set; }

    internal EncoderBuffers Buffers => buffers ?? throw new ObjectDisposedException(nameof(EncoderActivations));

    /// <summary>One text's last hidden states [its tokens, hidden].</summary>
    public ReadOnlySpan<float> HiddenOf(int text) => Hidden[(Pass.Starts[text] * width)..(Pass.Starts[text + 1] * width)];

    public void Dispose()
    {
        if (buffers is { } free)
        {
            buffers = null;
            release(free);
        }
    }
}
