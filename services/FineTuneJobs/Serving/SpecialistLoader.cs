using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>Loads specialists: those with an adapter beside one base in memory, those that were trained whole with their own encoder.</summary>
internal sealed class SpecialistLoader(BaseModels models, IOptions<FineTuneJobsOptions> options) : IServedModelLoader
{
    public bool Loads(string method) => method == "specialist";

    public BaseModel? BaseOf(Adapter adapter, string folder)
    {
        if (!SpecialistModel.NeedsBase(new BaseModelFolder(adapter.Id, folder)))
        {
            return null;
        }

        var found = models.Find(adapter.BaseModel) ?? throw new InvalidDataException($"its base model '{adapter.BaseModel}' is not in the models directory.");
        return new BaseModel(found.Name, found.Path, new DirectoryInfo(found.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
    }

    public IDisposable LoadBase(BaseModel model, CancellationToken cancellationToken) => new SharedEncoder(TokenEncoder.Load(new BaseModelFolder(model.Name, model.Path), model.Name));

    public IServedModel Load(Adapter adapter, string folder, IDisposable? baseModel, CancellationToken cancellationToken) =>
        new ServedSpecialist(SpecialistModel.Load(new BaseModelFolder(adapter.Id, folder), (baseModel as SharedEncoder)?.Encoder), options.Value.Threads);

    /// <summary>Its memory goes with the last who has it.</summary>
    private sealed class SharedEncoder(TokenEncoder encoder) : IDisposable
    {
        public TokenEncoder Encoder => encoder;

        public void Dispose()
        {
            // Nothing but memory.
        }
    }

    private sealed class ServedSpecialist(SpecialistModel model, int threads) : IServedModel
    {
        public IReadOnlyList<ServedPrediction> Predict(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) =>
        [
            .. model.Predict(texts, threads, cancellationToken).Select(prediction =>
                new ServedPrediction(prediction.Json, prediction.Confidence, prediction.OutOfScope, prediction.IsOutOfScope, prediction.FieldConfidences)),
        ];

        /// <summary>An encoder without its heads answers nothing.</summary>
        public IReadOnlyList<ServedPrediction>? PredictWithout(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) => null;

        public void Dispose()
        {
            // Nothing but memory.
        }
    }
}
