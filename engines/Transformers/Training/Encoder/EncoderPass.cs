using RagPlatform.Transformers.Bert;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>What is the same for the forward and the backward pass of one batch.</summary>
/// <param name="texts">At least one.</param>
/// <param name="dropout">Its probability; 0 for none.</param>
/// <param name="lowRankDropout">That of the adapters' input; 0 for none.</param>
/// <param name="seed">Of both.</param>
internal sealed class EncoderPass(BertText[] texts, float dropout, float lowRankDropout, ulong seed)
{
    public BertText[] Texts => texts;

    /// <summary>Where each text begins among the rows; last, the number of rows.</summary>
    public int[] Starts { get; } = StartsOf(texts);

    public RowGroup[] Groups => field ??= RowGroup.Cut(Starts);

    public int Rows => Starts[^1];

    public int Longest { get; } = texts.Max(text => text.Ids.Length);

    public int MostGroupRows => Groups.Max(group => group.Rows);

    public DropoutSite Site(int layer, int site) => new(dropout, seed, layer, site);

    /// <param name="layer">Of the encoder.</param>
    /// <param name="linear">The layer's linear layer, 0 to 3.</param>
    public DropoutSite LowRankSite(int layer, int linear) => new(lowRankDropout, seed, layer, DropoutSite.FirstLinear + linear);

    private static int[] StartsOf(BertText[] texts)
    {
        var starts = new int[texts.Length + 1];
        for (var i = 0; i < texts.Length; i++)
        {
            starts[i + 1] = starts[i] + texts[i].Ids.Length;
        }
        return starts;
    }
}
