using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuneJobs.Workers.BuiltIn;

/// <summary>Tells the service of each checkpoint once it is kept.</summary>
internal sealed class ReportedCheckpoints(FolderCheckpointStore store, TrainerOutput output) : ICheckpointStore
{
    public void Save(CheckpointDescription checkpoint, Action<Stream> write)
    {
        store.Save(checkpoint, write);
        output.Kept(checkpoint.Step, $"{BuiltInTraining.CheckpointFolder}/{checkpoint.Step:D12}.checkpoint", checkpoint.Loss, checkpoint.IsBest);
    }

    public (CheckpointDescription Checkpoint, Stream State)? OpenLatest() => store.OpenLatest();

    public (CheckpointDescription Checkpoint, Stream State)? OpenBest() => store.OpenBest();
}
