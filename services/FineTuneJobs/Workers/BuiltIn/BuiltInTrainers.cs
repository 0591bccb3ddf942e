using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Decoding;
using RagPlatform.FineTuning.Retrieving;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.BuiltIn;

/// <summary>The methods that are trained by this program.</summary>
internal static class BuiltInTrainers
{
    private static readonly Dictionary<TrainingMethod, ITrainer> Trainers = new()
    {
        [TrainingMethod.Specialist] = new SpecialistTrainer(),
        [TrainingMethod.Decoder] = new DecoderTrainer(),
        [TrainingMethod.Retriever] = new RetrieverTrainer(),
        [TrainingMethod.Reranker] = new RerankerTrainer(),
    };

    /// <summary>Null where the method is not built in.</summary>
    public static ITrainer? Find(TrainingMethod method) => Trainers.GetValueOrDefault(method);
}
