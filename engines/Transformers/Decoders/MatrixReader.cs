using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>Reads a decoder's tensors into the storage that was asked for; refuses what is not of the shape, or not finite.</summary>
internal sealed class MatrixReader(IWeights weights, WeightStorage storage)
{
    /// <summary>A vector, such as a bias or a norm's gain.</summary>
    public float[] Vector(string name, int length) => weights.Read(name, [length]);

    /// <summary>Layers on the same input as one matrix, their outputs one after the other.</summary>
    public WeightMatrix Matrix(int inputs, params ReadOnlySpan<(string Name, int Outputs)> parts)
    {
        var tensors = new StoredTensor[parts.Length];
        var outputs = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            tensors[i] = Read(parts[i].Name, parts[i].Outputs, inputs);
            outputs += parts[i].Outputs;
        }
        var type = TypeOf(tensors);
        if (type == ElementType.Float32)
        {
            return new WeightMatrix(tensors is [{ Type: ElementType.Float32 } only] ? only.Values : Joined(tensors, Widen), outputs, inputs);
        }
        return new WeightMatrix(
            tensors is [{ } single] && single.Type == type ? single.Bits : Joined(tensors, tensor => Narrow(tensor, type)), type, outputs, inputs);
    }

    private StoredTensor Read(string name, int outputs, int inputs)
    {
        var tensor = weights.ReadStored(name);
        if (tensor.Shape is not [var rows, var columns] || rows != outputs || columns != inputs)
        {
            throw new InvalidDataException(
                $"Tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; config.json asks for [{outputs}, {inputs}].");
        }
        if (tensor.Type == ElementType.Float32)
        {
            FiniteValues.Require(name, tensor.Values);
            return tensor;
        }
        // All exponent bits set: infinity or NaN.
        var exponent = tensor.Type == ElementType.Float16 ? 0x7c00 : 0x7f80;
        foreach (var bits in tensor.Bits)
        {
            if ((bits & exponent) == exponent)
            {
                throw FiniteValues.Missing(name);
            }
        }
        return tensor;
    }

    /// <summary>What the parts are kept in: as stored, if they agree.</summary>
    private ElementType TypeOf(StoredTensor[] tensors) => storage switch
    {
        WeightStorage.Float32 => ElementType.Float32,
        WeightStorage.Float16 => ElementType.Float16,
        WeightStorage.BFloat16 => ElementType.BFloat16,
        _ => Array.TrueForAll(tensors, tensor => tensor.Type == tensors[0].Type) ? tensors[0].Type : ElementType.Float32,
    };

    private static T[] Joined<T>(StoredTensor[] tensors, Func<StoredTensor, T[]> convert)
    {
        var joined = new T[tensors.Sum(tensor => tensor.Values.Length + tensor.Bits.Length)];
        var at = 0;
        foreach (var tensor in tensors)
        {
            var part = convert(tensor);
            part.CopyTo(joined, at);
            at += part.Length;
        }
        return joined;
    }

    private static float[] Widen(StoredTensor tensor) => tensor.Type switch
    {
        ElementType.Float32 => tensor.Values,
        ElementType.Float16 => Array.ConvertAll(tensor.Bits, bits => (float)BitConverter.UInt16BitsToHalf(bits)),
        _ => Array.ConvertAll(tensor.Bits, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
    };

    private static ushort[] Narrow(StoredTensor tensor, ElementType type)
    {
        if (tensor.Type == type)
        {
            return tensor.Bits;
        }
        var values = Widen(tensor);
        var bits = new ushort[values.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            if (!type.TryConvert(values[i], out bits[i]))
            {
                throw new InvalidDataException($"Tensor '{tensor.Name}' has the value {values[i]}, which {type} cannot hold; choose another storage.");
            }
        }
        return bits;
    }
}
