namespace RagPlatform.Transformers.Weights;

internal static class TensorShape
{
    public const int MaxDimensions = 8;

    /// <summary>
    /// Number of elements of a shape that a file states; null when there are too many dimensions, a dimension is
    /// negative or above what an array can have, or the product is.
    /// </summary>
    public static int? Elements(ReadOnlySpan<long> shape)
    {
        if (shape.Length > MaxDimensions)
        {
            return null;
        }
        long product = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || dimension > Array.MaxLength)
            {
                return null;
            }
            product *= dimension;
            if (product > Array.MaxLength)
            {
                return null;
            }
        }
        return (int)product;
    }
}
