using RagPlatform.Embedding.Features.Embed;

namespace RagPlatform.Embedding.Features.DistillModel;

/// <param name="Model">Given by the first request: the default model when empty. Empty in later ones.</param>
/// <param name="Name">Given by the first request. Empty in later ones.</param>
/// <param name="ExpectedPassages">Of the first request; 0 when not known.</param>
/// <param name="Passages">What the model is to fit.</param>
internal sealed record DistillInput(string Model, string Name, int ExpectedPassages, EmbedInput Passages);

/// <param name="Step">One of <see cref="DistillSteps"/>.</param>
/// <param name="Done">Of <paramref name="Total"/>: passages, tokens or percent.</param>
/// <param name="Total">0 while unknown.</param>
/// <param name="Model">The new model's name.</param>
internal sealed record DistillStep(string Step, long Done, long Total, string Model);

/// <summary>In order.</summary>
internal static class DistillSteps
{
    public const string Embedding = "embedding";
    public const string Tokens = "tokens";
    public const string Training = "training";
    public const string Writing = "writing";
    public const string Ready = "ready";
}
