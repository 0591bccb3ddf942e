namespace RagPlatform.FineTuning.Loop;

/// <summary>Keeps the latest checkpoint and the best in memory: for runs that need not survive.</summary>
public sealed class MemoryCheckpointStore : ICheckpointStore
{
    private (CheckpointDescription Checkpoint, byte[] State)? latest;
    private (CheckpointDescription Checkpoint, byte[] State)? best;

    public void Save(CheckpointDescription checkpoint, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        latest = (checkpoint, stream.ToArray());
        best = checkpoint.IsBest ? latest : best;
    }

    public (CheckpointDescription Checkpoint, Stream State)? OpenLatest() => Open(latest);

    public (CheckpointDescription Checkpoint, Stream State)? OpenBest() => Open(best);

    private static (CheckpointDescription Checkpoint, Stream State)? Open((CheckpointDescription Checkpoint, byte[] State)? kept) =>
        kept is { } found ? (found.Checkpoint, new MemoryStream(found.State, writable: false)) : null;
}
