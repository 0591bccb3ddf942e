using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>The SIMD forms at one register width, whatever the machine's own.</summary>
internal abstract class Kernels
{
    public abstract float Dot(float[] left, float[] right);

    public abstract void Add(Span<float> target, float[] addend);

    public abstract void AddScaled(Span<float> target, float factor, float[] addend);

    public abstract void Scale(Span<float> values, float factor);

    public abstract void Gelu(Span<float> values);

    public abstract void Softmax(Span<float> values, float scale);

    public abstract void LayerNorm(Span<float> values, float[] gain, float[] bias, float epsilon);

    public abstract float Exponential(float x);

    public abstract float PowerOfTwo(float x);

    public abstract void RmsNorm(Span<float> values, float[] gain, float epsilon);

    public abstract void SwiGlu(Span<float> gate, float[] up);

    public abstract void Rotate(Span<float> head, float[] cosines, float[] sines);

    public abstract float Highest(ReadOnlySpan<float> values);

    public abstract float Exponentials(Span<float> values, float highest, float scale);

    public abstract float[] Widen(ushort[] bits, ElementType type);
}

internal sealed class Kernels<TLanes> : Kernels
    where TLanes : struct, ILanes<TLanes>
{
    public override float Dot(float[] left, float[] right) => VectorMath.Dot<TLanes>(left, right);

    public override void Add(Span<float> target, float[] addend) => VectorMath.Add<TLanes>(target, addend);

    public override void AddScaled(Span<float> target, float factor, float[] addend) => VectorMath.AddScaled<TLanes>(target, factor, addend);

    public override void Scale(Span<float> values, float factor) => VectorMath.Scale<TLanes>(values, factor);

    public override void Gelu(Span<float> values) => VectorMath.Gelu<TLanes>(values);

    public override void Softmax(Span<float> values, float scale) => VectorMath.Softmax<TLanes>(values, scale);

    public override void LayerNorm(Span<float> values, float[] gain, float[] bias, float epsilon) =>
        VectorMath.LayerNorm<TLanes>(values, gain, bias, epsilon);

    public override float PowerOfTwo(float x)
    {
        var lanes = new float[TLanes.Width];
        TLanes.Store(Lanes.Exponential.OfTwo(TLanes.Splat(x)), ref lanes[0], 0);
        return lanes[^1];
    }

    public override float Exponential(float x)
    {
        var lanes = new float[TLanes.Width];
        TLanes.Store(Lanes.Exponential.Of(TLanes.Splat(x)), ref lanes[0], 0);
        return lanes[^1];
    }

    public override void RmsNorm(Span<float> values, float[] gain, float epsilon) => VectorMath.RmsNorm<TLanes>(values, gain, epsilon, values);

    public override void SwiGlu(Span<float> gate, float[] up) => VectorMath.SwiGlu<TLanes>(gate, up);

    public override void Rotate(Span<float> head, float[] cosines, float[] sines) => VectorMath.Rotate<TLanes>(head, cosines, sines);

    public override float Highest(ReadOnlySpan<float> values) => VectorMath.Highest<TLanes>(values);

    public override float Exponentials(Span<float> values, float highest, float scale) => VectorMath.Exponentials<TLanes>(values, highest, scale);

    public override unsafe float[] Widen(ushort[] bits, ElementType type)
    {
        var values = new float[bits.Length];
        fixed (ushort* from = bits)
        fixed (float* to = values)
        {
            WidenKernels.Widen<TLanes>(from, type, to, bits.Length);
        }
        return values;
    }
}
