using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Trainers.Estimates;

/// <summary>What a job has to do, as far as its cost goes.</summary>
/// <param name="Model">The base model.</param>
/// <param name="Rank">Of a low-rank adapter on every linear layer; 0: all weights are trained.</param>
/// <param name="TrainingTokens">Of all epochs.</param>
/// <param name="EvaluationTokens">That are only read: each validation's, the test's, those of the base model's judgement.</param>
/// <param name="BatchTokens">Of one batch, at most.</param>
public sealed record TrainingWork(TransformerShape Model, int Rank, long TrainingTokens, long EvaluationTokens, int BatchTokens)
{
    /// <summary>
    /// Floating-point operations that a token costs in training: two per weight in the forward pass, two for the gradient of
    /// what goes in, and two for the gradient of the weight where that is trained (Kaplan et al. 2020, arXiv:2001.08361,
    /// table 1). Attention among tokens is left out: in texts up to some hundred tokens it is a few percent.
    /// </summary>
    public double OperationsPerTrainingToken =>
        Rank == 0 ? 6.0 * Model.MultipliedWeights : (4.0 * Model.MultipliedWeights) + (6.0 * Model.AdapterWeights(Rank));

    /// <summary>The forward pass alone.</summary>
    public double OperationsPerEvaluationToken => 2.0 * (Model.MultipliedWeights + (Rank == 0 ? 0 : Model.AdapterWeights(Rank)));

    /// <summary>
    /// Bytes that training holds at once: fp32 weights; for each trained one its gradient and AdamW's two moments; what
    /// the forward pass keeps of a batch for the backward pass; and the program itself.
    /// </summary>
    public double MemoryBytes
    {
        get
        {
            var trained = Rank == 0 ? Model.Weights : Model.AdapterWeights(Rank);
            var weights = (double)Model.Weights + (Rank == 0 ? 0 : trained);
            var kept = (double)Model.Layers * ((4L * Model.HiddenSize) + ((long)Model.FeedForwardMatrices * Model.IntermediateSize));
            var logits = Model.IsDecoder ? Model.VocabularySize : 0;
            return ProgramBytes + (sizeof(float) * (weights + PackedShare(weights) + (3.0 * trained) + (BatchTokens * (kept + logits))));
        }
    }

    private const double ProgramBytes = 120.0 * 1024 * 1024;

    /// <summary>Weights are kept a second time in the layout that products read.</summary>
    private double PackedShare(double weights) => weights * Model.MultipliedWeights / Model.Weights;
}
