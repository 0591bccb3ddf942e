using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>A part of a layer's weight gradients that one thread computes, over all rows.</summary>
/// <param name="Linear">The layer's linear layer, 0 to 3.</param>
/// <param name="Part">Of those that are joined in it.</param>
/// <param name="FirstOutput">Among the outputs of all parts.</param>
/// <param name="FirstRow">Of the part's weight.</param>
/// <param name="Rows">Of the part's weight.</param>
/// <param name="FirstInput">The first column.</param>
/// <param name="Columns">So many.</param>
internal readonly record struct WeightPiece(int Linear, int Part, int FirstOutput, int FirstRow, int Rows, int FirstInput, int Columns)
{
    private const int MostRows = 384;

    public static WeightPiece[] Cut(TrainableLayer layer)
    {
        var pieces = new List<WeightPiece>();
        foreach (var (index, linear) in layer.Linears.Index())
        {
            var start = 0;
            foreach (var (number, part) in linear.Parts.Index())
            {
                for (var row = 0; row < part.Outputs; row += MostRows)
                {
                    for (var column = 0; column < part.Inputs; column += TransposedMultiply.ColumnBlock)
                    {
                        pieces.Add(new WeightPiece(
                            index, number, start + row, row, Math.Min(MostRows, part.Outputs - row),
                            column, Math.Min(TransposedMultiply.ColumnBlock, part.Inputs - column)));
                    }
                }
                start += part.Outputs;
            }
        }
        return [.. pieces];
    }
}
