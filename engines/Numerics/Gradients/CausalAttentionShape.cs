namespace RagPlatform.Numerics.Gradients;

/// <summary>The query heads that share one key head, over one sequence.</summary>
/// <param name="Tokens">Of the sequence; at least 1.</param>
/// <param name="Size">Components of a head; at least 1.</param>
/// <param name="Group">Query heads, side by side; at least 1.</param>
/// <param name="Scale">Factor on the products of queries and keys; above 0.</param>
public readonly record struct CausalAttentionShape(int Tokens, int Size, int Group, float Scale)
{
    /// <summary>The most columns that the kernels do at once: rows are filled up to a multiple of it.</summary>
    internal const int MarginFloats = 32;

    /// <summary>Queries whose weights are held at once in the backward pass.</summary>
    internal const int BlockRows = 32;

    internal int PaddedTokens => Padded(Tokens);

    internal int PaddedSize => Padded(Size);

    /// <summary>Length of the workspace that both passes take.</summary>
    public int WorkspaceLength => checked(
        (2 * Size * PaddedTokens) + (3 * Tokens * PaddedSize) + (2 * BlockRows * (PaddedTokens + PaddedSize)) + (AttentionKernels.MaxRows * MarginFloats));

    internal void Check(int queries, int keys, int stride, int workspace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, Group * Size);
        var before = (long)(Tokens - 1) * stride;
        if (Tokens < 1 || Size < 1 || Group < 1 || queries < before + Group * Size || keys < before + Size || workspace < WorkspaceLength)
        {
            throw new ArgumentException($"The shape is empty or a span too short for {Tokens} tokens of {Group} heads of {Size} components.", nameof(queries));
        }
    }

    private static int Padded(int count) => (count + MarginFloats - 1) / MarginFloats * MarginFloats;
}
