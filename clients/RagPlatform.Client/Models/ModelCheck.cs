namespace RagPlatform.Client;

/// <summary>What became of comparing a model's file with its pin; the values are those of the protocol.</summary>
public enum ModelFileResult
{
    /// <summary>It is still being read.</summary>
    Reading = 0,
    AsPinned = 1,
    Different = 2,
    Missing = 3,
    /// <summary>There is nothing to compare it with.</summary>
    NotPinned = 4,
}

/// <param name="Model">Whose file it is.</param>
/// <param name="File">Within the model's folder.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Expected">SHA-256, and the size where that differs.</param>
/// <param name="Actual">The same of the file.</param>
/// <param name="Remedy">What to do, where something is wrong.</param>
/// <param name="DoneBytes">Of all files.</param>
/// <param name="TotalBytes">Of all files.</param>
public sealed record ModelCheck(string Model, string File, ModelFileResult Result, string Expected, string Actual, string Remedy, long DoneBytes, long TotalBytes);
