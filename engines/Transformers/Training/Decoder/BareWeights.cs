using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>Weights that were saved from the bare model, whose names have no "model.", under the names that the whole one has.</summary>
internal sealed class BareWeights(IWeights weights) : IWeights
{
    private const string Prefix = "model.";

    public bool Contains(string name) => weights.Contains(Bare(name));

    public Tensor Read(string name) => weights.Read(Bare(name));

    public void Dispose() => weights.Dispose();

    private static string Bare(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}
