namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>Where the parts of a layer have their place in a group's share; the same in every layer.</summary>
internal sealed class ShareLayout
{
    public const int Parts = 6;

    private readonly int[] starts;

    public ShareLayout(TrainableLayer layer)
    {
        int[] lengths =
        [
            .. layer.Linears.Select(linear => linear.ShareLength), layer.AttentionNorm.ShareLength, layer.OutputNorm.ShareLength,
        ];
        starts = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
    }

    /// <summary>Length of a group's share.</summary>
    public int Length => starts[^1];

    /// <summary>The place of the layer's linear layer 0 to 3, its attention's norm (4) or its output's (5).</summary>
    public Span<float> Of(Span<float> share, int part) => share[starts[part]..starts[part + 1]];

    /// <summary>Adds the part's place of a share to its parameters' gradients.</summary>
    public void AddTo(TrainableLayer layer, int part, Span<float> share)
    {
        var place = Of(share, part);
        if (part < 4)
        {
            layer.Linears[part].AddShare(place);
        }
        else
        {
            (part == 4 ? layer.AttentionNorm : layer.OutputNorm).AddShare(place);
        }
    }
}
