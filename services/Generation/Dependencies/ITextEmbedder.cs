namespace RagPlatform.Generation.Dependencies;

/// <summary>Turns a question and sentences into vectors that can be compared.</summary>
public interface ITextEmbedder
{
    /// <summary>Cosine of the question with each text, -1 to 1, in the order of the texts.</summary>
    /// <param name="texts">1 to 255.</param>
    Task<TextSimilarities> CompareAsync(string question, IReadOnlyList<string> texts, CancellationToken cancellationToken);
}

/// <param name="Cosines">-1 to 1.</param>
/// <param name="ModelMilliseconds">Of the call, inside the model.</param>
public sealed record TextSimilarities(IReadOnlyList<double> Cosines, double ModelMilliseconds);
