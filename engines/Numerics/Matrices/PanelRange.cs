namespace RagPlatform.Numerics;

/// <summary>Which panels of a packed matrix a product computes: threads share a product by its columns.</summary>
/// <param name="First">The first panel.</param>
/// <param name="Count">How many.</param>
public readonly record struct PanelRange(int First, int Count)
{
    /// <summary>One of <paramref name="parts"/> equal parts of so many panels.</summary>
    public static PanelRange Part(int panels, int part, int parts)
    {
        var first = (int)((long)panels * part / parts);
        return new PanelRange(first, (int)((long)panels * (part + 1) / parts) - first);
    }

    internal void ThrowIfOutside(int panels)
    {
        if (First < 0 || Count < 0 || First > panels - Count)
        {
            throw new ArgumentOutOfRangeException(nameof(panels), $"{Count} panels from {First} on were asked for; the matrix has {panels}.");
        }
    }
}
