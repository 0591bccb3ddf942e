namespace RagPlatform.FineTuning.Retrieving.Batches;

/// <summary>A query, a passage that answers it, and passages that look as if they did.</summary>
/// <param name="Query">Its id.</param>
/// <param name="Positive">Its id.</param>
/// <param name="Negatives">Their ids; may be empty.</param>
internal sealed record ContrastiveExample(int Query, int Positive, IReadOnlyList<int> Negatives);
