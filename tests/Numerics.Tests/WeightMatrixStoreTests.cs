namespace RagPlatform.Numerics.Tests;

public sealed class WeightMatrixStoreTests
{
    [Fact]
    public void Store_BlocksOfEitherLayout_GiveTheMatrix()
    {
        const int outputs = 101, inputs = 37, split = 53;
        var values = SeededRandom.Floats(1, outputs * inputs);
        var (matrix, transposed) = (new WeightMatrix(outputs, inputs), new WeightMatrix(inputs, outputs));
        foreach (var (first, count) in new[] { (0, split), (split, outputs - split) })
        {
            var part = values.AsSpan(first * inputs, count * inputs);
            matrix.Store(part, first, count, inputs, 0, inputs, 1);
            transposed.Store(part, 0, inputs, 1, first, count, inputs);
        }
        var (row, column) = (new float[inputs], new float[outputs]);
        for (var output = 0; output < outputs; output++)
        {
            matrix.CopyRow(output, row);
            row.ShouldBe(values[(output * inputs)..((output + 1) * inputs)]);
        }
        for (var input = 0; input < inputs; input++)
        {
            transposed.CopyRow(input, column);
            column.ShouldBe(Enumerable.Range(0, outputs).Select(output => values[output * inputs + input]));
        }
    }

    [Fact]
    public void Store_WhatDoesNotFit_IsRefused()
    {
        var matrix = new WeightMatrix(4, 3);
        Should.Throw<ArgumentException>(() => matrix.Store(new float[6], 3, 2, 3, 0, 3, 1));
        Should.Throw<ArgumentException>(() => matrix.Store(new float[5], 0, 2, 3, 0, 3, 1));
        Should.Throw<ArgumentException>(() => new WeightMatrix(new ushort[12], ElementType.BFloat16, 4, 3).Store(new float[12], 0, 4, 3, 0, 3, 1));
    }
}
