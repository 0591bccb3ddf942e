using System.Runtime.InteropServices;

namespace RagPlatform.Transformers.Training;

/// <summary>AdamW's state of a parameter whose every value moves in every step.</summary>
internal sealed class DenseAdamW(Parameter parameter, AdamWSettings settings, double rateFactor)
{
    private readonly float[] mean = new float[parameter.Values.Length];
    private readonly float[] square = new float[parameter.Values.Length];

    /// <summary>Updates the values from <paramref name="from"/> on. Pieces may be updated at the same time.</summary>
    public void Update(AdamWStep step, int from, int count) =>
        new AdamWKernel(settings, step, rateFactor, parameter.Decays).Update(
            parameter.Values.AsSpan(from, count), parameter.Gradient.AsSpan(from, count), mean.AsSpan(from, count), square.AsSpan(from, count));

    public void Save(BinaryWriter writer)
    {
        writer.Write(mean.Length);
        writer.Write(MemoryMarshal.AsBytes(mean.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(square.AsSpan()));
    }

    public void Restore(BinaryReader reader)
    {
        if (reader.ReadInt32() != mean.Length)
        {
            throw new InvalidDataException($"The optimizer's state is not of '{parameter.Name}' with {mean.Length} values.");
        }

        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(square.AsSpan()));
    }
}
