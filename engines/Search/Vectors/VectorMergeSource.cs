namespace RagPlatform.Search.Vectors;

/// <summary>A segment that is merged with others.</summary>
/// <param name="NewRows">Where each of its rows goes; -1: it is dropped.</param>
public sealed record VectorMergeSource(VectorSegment Segment, int[] NewRows);
