namespace RagPlatform.FineTuning.Loop;

/// <summary>Keeps checkpoints: whole or not at all.</summary>
public interface ICheckpointStore
{
    /// <summary>Keeps one: after return it survives a crash. Older ones than are wanted are dropped, but never the best.</summary>
    /// <param name="checkpoint">What it is.</param>
    /// <param name="write">Writes its state.</param>
    void Save(CheckpointDescription checkpoint, Action<Stream> write);

    /// <summary>The latest that is whole; null when there is none. The caller disposes the stream.</summary>
    (CheckpointDescription Checkpoint, Stream State)? OpenLatest();

    /// <summary>That of the best score; null when there is none. The caller disposes the stream.</summary>
    (CheckpointDescription Checkpoint, Stream State)? OpenBest();
}

/// <param name="Step">After which it was taken.</param>
/// <param name="Score">Of the last validation; null before the first.</param>
/// <param name="Loss">Of the last validation; null before the first.</param>
/// <param name="IsBest">No other has a higher score.</param>
public sealed record CheckpointDescription(long Step, double? Score, double? Loss, bool IsBest);
