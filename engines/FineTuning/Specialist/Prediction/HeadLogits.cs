namespace RagPlatform.FineTuning.Specialist;

/// <summary>What the heads say of one text: of labels [labels], of tags [pieces, tags].</summary>
/// <param name="Values">By head.</param>
internal sealed record HeadLogits(float[][] Values);
