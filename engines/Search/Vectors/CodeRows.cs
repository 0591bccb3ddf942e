using System.Runtime.CompilerServices;
using RagPlatform.Numerics;

namespace RagPlatform.Search.Vectors;

/// <summary>A vector as codes, to be compared with others.</summary>
internal readonly ref struct CodedVector(ReadOnlySpan<sbyte> codes, float scale)
{
    public ReadOnlySpan<sbyte> Codes { get; } = codes;

    public float Scale { get; } = scale;
}

/// <summary>The codes of a segment's rows where they lie.</summary>
/// <param name="stride">Codes from one row to the next.</param>
internal readonly unsafe struct CodeRows(sbyte* codes, float* scales, int stride)
{
    /// <summary>In codes.</summary>
    public int Stride => stride;

    public CodedVector this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(new ReadOnlySpan<sbyte>(codes + ((long)row * stride), stride), scales[row]);
    }

    /// <summary>The dot product, but for what the codes rounded away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Score(CodedVector query, int row)
    {
        var other = this[row];
        return VectorMath.DotCodes(query.Codes, other.Codes) * (query.Scale * other.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        Numerics.Prefetch.Read(scales + row, sizeof(float));
        Numerics.Prefetch.Read(codes + ((long)row * stride), stride);
    }
}
