using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding;
using RagPlatform.FineTuning.Decoding.Evaluation;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>Loads decoders' adapters beside one base in memory; a decoder that was trained whole is a base by itself.</summary>
internal sealed class DecoderLoader(BaseModels models, IOptions<FineTuneJobsOptions> options) : IServedModelLoader
{
    private const string AdapterFile = "adapter_config.json";

    public bool Loads(string method) => method == "decoder";

    public BaseModel? BaseOf(Adapter adapter, string folder)
    {
        if (!File.Exists(Path.Combine(folder, AdapterFile)))
        {
            return null;
        }

        var found = models.Find(adapter.BaseModel) ?? throw new InvalidDataException($"its base model '{adapter.BaseModel}' is not in the models directory.");
        return new BaseModel(found.Name, found.Path, new DirectoryInfo(found.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
    }

    public IDisposable LoadBase(BaseModel model, CancellationToken cancellationToken) => new SharedDecoder(Decoder.Load(new BaseModelFolder(model.Name, model.Path)));

    public IServedModel Load(Adapter adapter, string folder, IDisposable? baseModel, CancellationToken cancellationToken)
    {
        var files = new BaseModelFolder(adapter.Id, folder);
        try
        {
            if (baseModel is not SharedDecoder shared)
            {
                return new ServedDecoder(DecoderModel.Load(files, adapter: null), null, options.Value.Threads);
            }

            var baseFiles = models.Find(adapter.BaseModel) ?? throw new InvalidDataException($"its base model '{adapter.BaseModel}' is not in the models directory.");
            return new ServedDecoder(DecoderModel.Load(baseFiles, files, shared.Decoder), DecoderModel.Load(baseFiles, adapter: null, shared.Decoder), options.Value.Threads);
        }
        catch (TrainingException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    /// <summary>Its memory goes with the last who has it.</summary>
    private sealed class SharedDecoder(Decoder decoder) : IDisposable
    {
        public Decoder Decoder => decoder;

        public void Dispose()
        {
            // Nothing but memory.
        }
    }

    /// <summary>Each text is a user's message.</summary>
    private sealed class ServedDecoder(DecoderModel model, DecoderModel? without, int threads) : IServedModel
    {
        private static readonly Dictionary<string, double> None = [];

        public IReadOnlyList<ServedPrediction> Predict(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) => Answer(model, texts, maxTokens, cancellationToken);

        public IReadOnlyList<ServedPrediction>? PredictWithout(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) =>
            without is null ? null : Answer(without, texts, maxTokens, cancellationToken);

        public void Dispose()
        {
            // Nothing but memory.
        }

        private List<ServedPrediction> Answer(DecoderModel asked, IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) =>
            [.. texts.Select(text => asked.Answer([new ChatTurn("user", text, null, 0)], tools: null, maxTokens, threads, cancellationToken)).Select(Describe)];

        private static ServedPrediction Describe(string answer)
        {
            var refuses = Refusals.IsRefusal(answer);
            return new ServedPrediction(answer, 0, refuses ? 1 : 0, refuses, None);
        }
    }
}
