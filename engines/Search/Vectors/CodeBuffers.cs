using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Vectors;

/// <summary>The codes of a segment that is being written.</summary>
internal sealed unsafe class CodeBuffers(int rowCount, int dimension) : IDisposable
{
    private readonly NativeBuffer<sbyte> _codes = new((long)rowCount * VectorLayout.CodeStride(dimension));
    private readonly NativeBuffer<float> _scales = new(rowCount);
    private readonly int _stride = VectorLayout.CodeStride(dimension);

    public CodeRows Rows => new(_codes.Pointer, _scales.Pointer, _stride);

    public float MaxScale { get; private set; }

    public void Encode(int row, ReadOnlySpan<float> vector)
    {
        var scale = ScalarQuantization.Encode(vector, new Span<sbyte>(_codes.Pointer + ((long)row * _stride), _stride));
        _scales.Pointer[row] = scale;
        MaxScale = MathF.Max(MaxScale, scale);
    }

    public void WriteTo(ISectionWriter writer)
    {
        _codes.WriteTo(writer.Begin(SectionId.VectorCodes));
        _scales.WriteTo(writer.Begin(SectionId.VectorCodeScales));
    }

    public void Dispose()
    {
        _codes.Dispose();
        _scales.Dispose();
    }
}
