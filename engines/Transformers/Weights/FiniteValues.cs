namespace RagPlatform.Transformers.Weights;

/// <summary>Weights are finite numbers: one that is not makes every vector and every logit NaN, far from where it came in.</summary>
internal static class FiniteValues
{
    /// <exception cref="InvalidDataException">A value is NaN or infinite; names the tensor.</exception>
    public static void Require(string tensor, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw Missing(tensor);
            }
        }
    }

    public static InvalidDataException Missing(string tensor) =>
        new($"Tensor '{ModelJson.Shown(tensor)}' has a value that is not a finite number; the file is damaged, or its training diverged.");
}
