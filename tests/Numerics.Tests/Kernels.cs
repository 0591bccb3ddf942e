using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics.Tests;

/// <summary>The SIMD forms at one register width, whatever the machine's own.</summary>
internal abstract class Kernels
{
    public abstract float Dot(float[] left, float[] right);

    public abstract void Add(Span<float> target, float[] addend);

    public abstract void Scale(Span<float> values, float factor);

    public abstract void Gelu(Span<float> values);

    public abstract void Softmax(Span<float> values, float scale);

    public abstract void LayerNorm(Span<float> values, float[] gain, float[] bias, float epsilon);

    public abstract float Exponential(float x);
}

internal sealed class Kernels<TLanes> : Kernels
    where TLanes : struct, ILanes<TLanes>
{
    public override float Dot(float[] left, float[] right) => VectorMath.Dot<TLanes>(left, right);

    public override void Add(Span<float> target, float[] addend) => VectorMath.Add<TLanes>(target, addend);

    public override void Scale(Span<float> values, float factor) => VectorMath.Scale<TLanes>(values, factor);

    public override void Gelu(Span<float> values) => VectorMath.Gelu<TLanes>(values);

    public override void Softmax(Span<float> values, float scale) => VectorMath.Softmax<TLanes>(values, scale);

    public override void LayerNorm(Span<float> values, float[] gain, float[] bias, float epsilon) =>
        VectorMath.LayerNorm<TLanes>(values, gain, bias, epsilon);

    public override float Exponential(float x)
    {
        var lanes = new float[TLanes.Width];
        TLanes.Store(Lanes.Exponential.Of(TLanes.Splat(x)), ref lanes[0], 0);
        return lanes[^1];
    }
}
