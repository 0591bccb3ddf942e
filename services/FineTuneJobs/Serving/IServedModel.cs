using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>An adapter in memory that answers. Thread-safe.</summary>
internal interface IServedModel : IDisposable
{
    /// <param name="texts">At least one.</param>
    /// <param name="maxTokens">Of each answer, where answers are written.</param>
    /// <param name="cancellationToken">Looked at between parts of the work.</param>
    /// <returns>In the order of the texts.</returns>
    /// <exception cref="ArgumentException">A text is longer than the model reads.</exception>
    IReadOnlyList<ServedPrediction> Predict(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken);

    /// <summary>What the model answers without the adapter; null where it answers nothing then.</summary>
    IReadOnlyList<ServedPrediction>? PredictWithout(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken);
}

/// <param name="Json">Of a specialist; a decoder's text as it is.</param>
/// <param name="Confidence">0 to 1, calibrated; 0 where the method has none.</param>
/// <param name="OutOfScope">0 to 1; the higher, the less like the training texts.</param>
/// <param name="IsOutOfScope">Above the adapter's operating point, or refused.</param>
/// <param name="FieldConfidences">0 to 1, by field; may be empty.</param>
internal sealed record ServedPrediction(string Json, double Confidence, double OutOfScope, bool IsOutOfScope, IReadOnlyDictionary<string, double> FieldConfidences);

/// <summary>Reads the adapters of some methods into memory.</summary>
internal interface IServedModelLoader
{
    bool Loads(string method);

    /// <summary>The base that it is laid over, which several adapters share; null where it needs none.</summary>
    /// <exception cref="InvalidDataException">The base is not there.</exception>
    BaseModel? BaseOf(Adapter adapter, string folder);

    /// <exception cref="InvalidDataException">Its files are no model of this kind.</exception>
    IDisposable LoadBase(BaseModel model, CancellationToken cancellationToken);

    /// <param name="adapter">To be loaded.</param>
    /// <param name="folder">Its files.</param>
    /// <param name="baseModel">As <see cref="LoadBase"/> gave it; it outlives the result.</param>
    /// <param name="cancellationToken">Looked at between files' parts.</param>
    /// <exception cref="InvalidDataException">Its files are damaged, or do not fit the base.</exception>
    IServedModel Load(Adapter adapter, string folder, IDisposable? baseModel, CancellationToken cancellationToken);
}

/// <param name="Name">For people.</param>
/// <param name="Path">Of its folder; also tells it from others.</param>
/// <param name="Bytes">Of its files.</param>
internal sealed record BaseModel(string Name, string Path, long Bytes);
