using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Onnx;

/// <summary>
/// Initializers in external files must lie apart: otherwise a small model file could claim the same data again and again,
/// and what all tensors take together would not be bounded by what the files hold.
/// </summary>
internal static class OnnxRanges
{
    /// <exception cref="InvalidDataException">Two initializers overlap.</exception>
    public static void RequireApart(IEnumerable<OnnxInitializer> initializers, string file)
    {
        var end = 0L;
        OnnxInitializer? before = null;
        foreach (var initializer in initializers.Where(initializer => initializer.ExternalFile is not null && SizeOf(initializer) > 0)
            .OrderBy(initializer => initializer.ExternalFile, StringComparer.Ordinal).ThenBy(initializer => initializer.OffsetBytes))
        {
            if (before is not null && before.ExternalFile == initializer.ExternalFile && initializer.OffsetBytes < end)
            {
                throw new InvalidDataException(
                    $"{file}: initializer '{initializer.Name}' lies at {initializer.OffsetBytes} of {initializer.ExternalFile}, inside '{before.Name}', which ends at {end}.");
            }
            end = SizeOf(initializer) > long.MaxValue - initializer.OffsetBytes ? long.MaxValue : initializer.OffsetBytes + SizeOf(initializer);
            before = initializer;
        }
    }

    private static long SizeOf(OnnxInitializer initializer) => initializer.LengthBytes ?? initializer.DataType switch
    {
        OnnxGraph.Float32 => 4L * (TensorShape.Elements(initializer.Shape) ?? 0),
        OnnxGraph.Float16 or OnnxGraph.BFloat16 => 2L * (TensorShape.Elements(initializer.Shape) ?? 0),
        _ => TensorShape.Elements(initializer.Shape) ?? 0,
    };
}
