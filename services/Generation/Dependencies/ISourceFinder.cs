using RagPlatform.Generation.Features.Answer;

namespace RagPlatform.Generation.Dependencies;

/// <summary>Finds the chunks nearest to a question, among those that its filter lets through.</summary>
public interface ISourceFinder
{
    Task<FoundSources> FindAsync(AnswerQuestion question, CancellationToken cancellationToken);
}

/// <param name="Sources">Best first, numbered from 1.</param>
/// <param name="EmbeddingMilliseconds">The retrieval service's whole call to the embedding service.</param>
/// <param name="ModelMilliseconds">Of that, inside the model.</param>
public sealed record FoundSources(IReadOnlyList<Source> Sources, double EmbeddingMilliseconds, double ModelMilliseconds)
{
    /// <summary>That was searched, by its own name also where an alias was asked; empty where there was nothing.</summary>
    public string Collection { get; init; } = "";

    /// <summary>Inside the collection's reranker; 0 where it has none.</summary>
    public double RerankModelMilliseconds { get; init; }
}
