namespace RagPlatform.Numerics.Attention;

/// <summary>
/// One layer's keys and values of one sequence, by key head, up to a fixed number of positions. Keys are laid out as
/// the right-hand matrix of queries·keysᵀ, in panels of positions, so that they need no packing when they are read.
/// </summary>
/// <remarks>Different positions may be stored, and any stored ones read, by several threads at once.</remarks>
public sealed class KeyValueCache
{
    private readonly float[] keys;
    private readonly float[] values;

    /// <param name="heads">Key heads; query heads may share them (Ainslie et al. 2023, arXiv:2305.13245).</param>
    /// <param name="headSize">Components of a key and of a value.</param>
    /// <param name="capacity">Positions.</param>
    public KeyValueCache(int heads, int headSize, int capacity)
        : this(heads, headSize, capacity, PackedMatrix.MachinePanelWidth)
    {
    }

    internal KeyValueCache(int heads, int headSize, int capacity, int panelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        (Heads, HeadSize, Capacity, PanelWidth) = (heads, headSize, capacity, panelWidth);
        Panels = (capacity - 1) / panelWidth + 1;
        keys = GC.AllocateArray<float>(checked(heads * Panels * panelWidth * headSize), pinned: true);
        values = GC.AllocateArray<float>(checked(heads * capacity * headSize + AttentionHead.MarginFloats), pinned: true);
    }

    public int Heads { get; }

    public int HeadSize { get; }

    public int Capacity { get; }

    internal int PanelWidth { get; }

    private int Panels { get; }

    /// <summary>Takes over a position's key and value, overwriting what was there.</summary>
    /// <param name="position">Below the capacity.</param>
    /// <param name="key">[heads, headSize].</param>
    /// <param name="value">[heads, headSize].</param>
    public void Store(int position, ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Capacity);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Heads * HeadSize, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, Heads * HeadSize, nameof(value));
        for (var head = 0; head < Heads; head++)
        {
            var at = KeyPanel(head, position / PanelWidth) + position % PanelWidth;
            for (var i = 0; i < HeadSize; i++, at += PanelWidth)
            {
                keys[at] = key[head * HeadSize + i];
            }
            value.Slice(head * HeadSize, HeadSize).CopyTo(values.AsSpan((head * Capacity + position) * HeadSize));
        }
    }

    /// <summary>[headSize, PanelWidth]: one head's keys at the positions from panel·PanelWidth on, transposed.</summary>
    internal ref float Keys(int head, int panel) =>
        ref keys.AsSpan(KeyPanel(head, panel), HeadSize * PanelWidth)[0];

    /// <summary>[positions, headSize]: one head's values from a position on.</summary>
    internal ref float Values(int head, int position) =>
        ref values.AsSpan((head * Capacity + position) * HeadSize, HeadSize)[0];

    private int KeyPanel(int head, int panel) => (head * Panels + panel) * PanelWidth * HeadSize;
}
