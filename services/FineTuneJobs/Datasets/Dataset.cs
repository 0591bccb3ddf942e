namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>A file of examples, kept by the hash of its bytes.</summary>
/// <param name="Id">"ds-" and the first 24 hex digits of its SHA-256.</param>
/// <param name="Lines">That are not empty.</param>
public sealed record Dataset(string Id, string Name, long Bytes, string Sha256, FileFormat Format, long Lines, DateTimeOffset CreatedAt);

/// <summary>Told by its first examples. Numbers are stored.</summary>
public enum FileFormat
{
    Unspecified = 0,
    Chat = 1,
    Completion = 2,
    Pairs = 3,
}
