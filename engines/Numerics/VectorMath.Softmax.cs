using RagPlatform.Numerics.Lanes;

namespace RagPlatform.Numerics;

public static partial class VectorMath
{
    /// <summary>
    /// Softmax in place: values[i] becomes e^(scale·values[i]) / Σ e^(scale·values[j]), computed relative to the
    /// largest so that nothing overflows. One NaN makes all NaN. Empty stays empty.
    /// </summary>
    /// <param name="values">The values of one row.</param>
    /// <param name="scale">Factor on every value before the exponential; above 0.</param>
    public static void Softmax(Span<float> values, float scale = 1f)
    {
        if (!(scale > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must be above 0.");
        }
        if (values.IsEmpty)
        {
            return;
        }
        if (Lanes512.IsAccelerated)
        {
            Softmax<Lanes512>(values, scale);
        }
        else if (Lanes256.IsAccelerated)
        {
            Softmax<Lanes256>(values, scale);
        }
        else if (Lanes128.IsAccelerated)
        {
            Softmax<Lanes128>(values, scale);
        }
        else
        {
            SoftmaxScalar(values, scale);
        }
    }

    internal static void SoftmaxScalar(Span<float> values, float scale)
    {
        var highest = HighestScalar(values, float.NegativeInfinity);
        var sum = ExponentialsScalar(values, highest, scale);
        foreach (ref var value in values)
        {
            value /= sum;
        }
    }

    internal static void Softmax<TLanes>(Span<float> values, float scale)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = Exponentials<TLanes>(values, Highest<TLanes>(values), scale);
        Scale<TLanes>(values, 1 / sum);
    }

    private static float HighestScalar(ReadOnlySpan<float> values, float highest)
    {
        foreach (var value in values)
        {
            highest = MathF.Max(highest, value);
        }
        return highest;
    }

    /// <summary>Replaces each value by its exponential and returns their sum.</summary>
    private static float ExponentialsScalar(Span<float> values, float highest, float scale)
    {
        var sum = 0f;
        foreach (ref var value in values)
        {
            value = MathF.Exp((value - highest) * scale);
            sum += value;
        }
        return sum;
    }
}
