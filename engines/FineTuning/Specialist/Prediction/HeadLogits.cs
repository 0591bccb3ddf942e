namespace RagPlatform.FineTuning.Specialist;

/// <summary>What the heads say of one text: of labels [labels], of tags [pieces, tags].</summary>
/// <param name="Values">By head.</param>
internal sealed record HeadLogits(float[][] Values)
{
    /// <summary>Likelihood, 0 to 1, that the text is none of the labels': from a half on, the label that says so is told, where there is one.</summary>
    public double Strangeness { get; init; }
}
