namespace RagPlatform.Embedding.Models;

/// <summary>Gets a model's files from one kind of source.</summary>
public interface IModelFetcher
{
    ModelSourceKind Kind { get; }

    /// <summary>
    /// Writes every file of the source under <paramref name="folder"/>, which exists and may hold what an earlier,
    /// interrupted call left there. What it writes is not trusted: the store verifies each file afterwards.
    /// </summary>
    /// <exception cref="ModelSourceException">The source cannot give the files; another one may.</exception>
    Task FetchAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken);
}

/// <summary>A source failed in a way that leaves the other sources worth trying. The message is the reason, for people.</summary>
public sealed class ModelSourceException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>No source gave the model, or its folder is in the way. The message lists every reason and the remedy.</summary>
public sealed class ModelPullException(string message, Exception? innerException = null) : Exception(message, innerException);
