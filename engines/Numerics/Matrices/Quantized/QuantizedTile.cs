namespace RagPlatform.Numerics;

/// <summary>A panel of B: <see cref="QuantizedMatrix"/>.</summary>
internal readonly unsafe struct QuantizedPanel(sbyte* codes, float* steps, float* sums, float* bias, int blocks, int stepsPerBlock)
{
    public readonly sbyte* Codes = codes;
    public readonly float* Steps = steps;
    public readonly float* Sums = sums;
    public readonly float* Bias = bias;
    public readonly int Blocks = blocks;
    public readonly int StepsPerBlock = stepsPerBlock;
}

/// <summary>Rows of A from one on: <see cref="QuantizedRows"/>.</summary>
internal readonly unsafe struct QuantizedTile(byte* codes, nint stride, float* scales, float* zeros)
{
    public readonly byte* Codes = codes;
    public readonly nint Stride = stride;
    public readonly float* Scales = scales;
    public readonly float* Zeros = zeros;
}
