namespace RagPlatform.Embedding.Serving;

/// <summary>
/// What a model in memory does to its inputs, all at once: texts to vectors, or pairs to scores. Its queue
/// (<see cref="ModelQueues"/>) counts inputs in tokens and calls it for one slice at a time.
/// </summary>
/// <typeparam name="TInput">Tokenised already, on its caller's thread.</typeparam>
/// <typeparam name="TOutput">What comes of one input.</typeparam>
internal interface IModelComputation<TInput, TOutput>
{
    /// <summary>For telemetry and messages.</summary>
    string ModelId { get; }

    /// <summary>Tokens that the model reads of the input; at least 1.</summary>
    int TokenCount(TInput input);

    /// <summary>One output for each input, in their order, whatever inputs are beside it.</summary>
    /// <param name="inputs">At least one.</param>
    /// <param name="threads">At most so many work at a time; at least 1.</param>
    /// <param name="cancellationToken">Looked at between inputs.</param>
    TOutput[] Compute(IReadOnlyList<TInput> inputs, int threads, CancellationToken cancellationToken);
}
