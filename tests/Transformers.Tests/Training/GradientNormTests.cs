using RagPlatform.Transformers.Training;

namespace RagPlatform.Transformers.Tests.Training;

public class GradientNormTests
{
    [Fact]
    public void Of_DenseAndSparse_CountsTouchedRowsOnly()
    {
        var dense = new Parameter("dense", new float[10_000], 100, decays: true);
        Array.Fill(dense.Gradient, 0.02f);
        var sparse = new Parameter("sparse", new float[6], 2, decays: true, isSparse: true);
        sparse.Gradient[0] = 100;
        sparse.Touch(2);
        sparse.Gradient[5] = 3;

        GradientNorm.Of([dense, sparse]).ShouldBe(Math.Sqrt((10_000 * 0.0004) + 9), 1e-5);
    }

    [Fact]
    public void Of_RowsTouchedInAnyOrder_SameBits()
    {
        double Norm(IEnumerable<int> rows)
        {
            var parameter = new Parameter("sparse", new float[300], 3, decays: true, isSparse: true);
            foreach (var row in rows)
            {
                parameter.Touch(row);
                parameter.Gradient[row * 3] = 1f / (row + 3);
            }

            return GradientNorm.Of([parameter]);
        }

        Norm(Enumerable.Range(0, 100).Reverse()).ShouldBe(Norm(Enumerable.Range(0, 100)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_OneValueNotFinite_IsNotFinite(float value)
    {
        var parameter = new Parameter("a", new float[5000], 1, decays: true);
        parameter.Gradient[4999] = value;

        double.IsFinite(GradientNorm.Of([parameter])).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.5, 1, 1)]
    [InlineData(4, 1, 0.25)]
    [InlineData(4, 0, 1)]
    public void ClipFactor_NormAndLimit_BringsTheNormToTheLimit(double norm, double limit, double factor) =>
        GradientNorm.ClipFactor(norm, limit).ShouldBe(factor, 1e-6);
}
