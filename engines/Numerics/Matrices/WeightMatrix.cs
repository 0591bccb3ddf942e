using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RagPlatform.Numerics;

/// <summary>
/// A linear layer's weight W[outputs, inputs], kept in fp32, fp16 or bf16 and laid out for y = x·Wᵀ as
/// <see cref="PackedMatrix"/> is: panels of <see cref="PanelWidth"/> outputs, input-major inside a panel, the last one
/// filled up with zeros. One row of x then streams a panel from memory in order, and many rows share what is unpacked.
/// </summary>
/// <remarks>Thread-safe but for <see cref="Store"/>, which is for weights that are trained.</remarks>
public sealed unsafe class WeightMatrix
{
    private const int AlignmentBytes = 64;

    private readonly Array storage;
    private readonly nint start;

    /// <param name="values">[outputs, inputs], row-major.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="inputs">At least 1.</param>
    /// <exception cref="ArgumentException">There are not outputs·inputs values.</exception>
    public WeightMatrix(ReadOnlySpan<float> values, int outputs, int inputs)
        : this(values, outputs, inputs, PackedMatrix.MachinePanelWidth)
    {
    }

    /// <param name="bits">[outputs, inputs], row-major. Finite numbers: of fp16, infinity and NaN would be read as others.</param>
    /// <param name="type">fp16 or bf16.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="inputs">At least 1.</param>
    /// <exception cref="ArgumentException">There are not outputs·inputs values, or the type is fp32.</exception>
    public WeightMatrix(ReadOnlySpan<ushort> bits, ElementType type, int outputs, int inputs)
        : this(bits, type, outputs, inputs, PackedMatrix.MachinePanelWidth)
    {
    }

    /// <summary>A matrix of zeros in fp32, to be filled by <see cref="Store"/>.</summary>
    /// <param name="outputs">At least 1.</param>
    /// <param name="inputs">At least 1.</param>
    public WeightMatrix(int outputs, int inputs)
        : this(outputs, inputs, ElementType.Float32, PackedMatrix.MachinePanelWidth)
    {
        (storage, start) = Allocate<float>();
        new Span<float>((void*)start, PaddedElements).Clear();
    }

    internal WeightMatrix(ReadOnlySpan<float> values, int outputs, int inputs, int panelWidth)
        : this(outputs, inputs, ElementType.Float32, panelWidth)
    {
        ThrowUnlessWhole(values.Length, nameof(values));
        (storage, start) = Allocate<float>();
        Pack(values, new Span<float>((void*)start, PaddedElements));
    }

    internal WeightMatrix(ReadOnlySpan<ushort> bits, ElementType type, int outputs, int inputs, int panelWidth)
        : this(outputs, inputs, type, panelWidth)
    {
        if (type == ElementType.Float32)
        {
            throw new ArgumentException("16-bit weights are fp16 or bf16.", nameof(type));
        }
        ThrowUnlessWhole(bits.Length, nameof(bits));
        (storage, start) = Allocate<ushort>();
        Pack(bits, new Span<ushort>((void*)start, PaddedElements));
    }

    private WeightMatrix(int outputs, int inputs, ElementType type, int panelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        (Outputs, Inputs, Type, PanelWidth) = (outputs, inputs, type, panelWidth);
        Panels = (outputs - 1) / panelWidth + 1;
        PaddedElements = checked(Panels * panelWidth * inputs);
        storage = Array.Empty<float>();
    }

    public int Outputs { get; }

    public int Inputs { get; }

    public ElementType Type { get; }

    /// <summary>Number of panels, the unit in which work on the matrix is shared out.</summary>
    public int Panels { get; }

    /// <summary>Memory that the values take.</summary>
    public long SizeBytes => (long)PaddedElements * ElementBytes;

    /// <summary>Outputs of a panel.</summary>
    public int PanelWidth { get; }

    internal int ElementBytes => Type == ElementType.Float32 ? sizeof(float) : sizeof(ushort);

    private int PaddedElements { get; }

    /// <summary>Row <paramref name="output"/> of W, such as a token's embedding, as fp32.</summary>
    /// <param name="output">Below <see cref="Outputs"/>.</param>
    /// <param name="row">As long as <see cref="Inputs"/>.</param>
    public void CopyRow(int output, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, Outputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, Inputs, nameof(row));
        var at = Panel(output / PanelWidth) + output % PanelWidth * ElementBytes;
        for (var i = 0; i < row.Length; i++, at += PanelWidth * ElementBytes)
        {
            row[i] = Element(at);
        }
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Overwrites a block of an fp32 matrix: element [firstOutput + o, firstInput + i] becomes source[o·outputStride + i·inputStride].
    /// So a row-major block has strides (inputs, 1), and the transpose of a row-major [inputs, outputs] has (1, outputs).
    /// </summary>
    /// <exception cref="ArgumentException">The block is not inside, the source is too short, or the matrix is not fp32.</exception>
    public void Store(
        ReadOnlySpan<float> source, int firstOutput, int outputs, int outputStride, int firstInput, int inputs, int inputStride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstOutput);
        ArgumentOutOfRangeException.ThrowIfNegative(firstInput);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        if (firstOutput > Outputs - outputs || firstInput > Inputs - inputs || Type != ElementType.Float32
            || source.Length <= (long)(outputs - 1) * outputStride + (long)(inputs - 1) * inputStride)
        {
            throw new ArgumentException(
                $"{source.Length} values for [{outputs}, {inputs}] at [{firstOutput}, {firstInput}] do not fit into [{Outputs}, {Inputs}] of {Type}.", nameof(source));
        }
        for (int output = 0, width; output < outputs; output += width)
        {
            var (panel, column) = Math.DivRem(firstOutput + output, PanelWidth);
            width = Math.Min(PanelWidth - column, outputs - output);
            var to = new Span<float>((float*)start + ((long)panel * Inputs + firstInput) * PanelWidth, inputs * PanelWidth)[column..];
            if (outputStride == 1)
            {
                for (var i = 0; i < inputs; i++)
                {
                    source.Slice(i * inputStride + output, width).CopyTo(to[(i * PanelWidth)..]);
                }
                continue;
            }
            for (var j = 0; j < width; j++)
            {
                var from = source[((output + j) * outputStride)..];
                for (int i = 0, at = j; i < inputs; i++, at += PanelWidth)
                {
                    to[at] = from[i * inputStride];
                }
            }
        }
        GC.KeepAlive(this);
    }

    /// <summary>Where a panel begins; valid while the matrix is alive.</summary>
    internal byte* Panel(int panel) => (byte*)start + (long)panel * PanelWidth * Inputs * ElementBytes;

    internal float Element(byte* at) => Type switch
    {
        ElementType.Float32 => *(float*)at,
        ElementType.Float16 => (float)*(Half*)at,
        _ => BitConverter.UInt32BitsToSingle((uint)*(ushort*)at << 16),
    };

    private void Pack<T>(ReadOnlySpan<T> source, Span<T> target)
        where T : unmanaged
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var to = target.Slice(panel * PanelWidth * Inputs, PanelWidth * Inputs);
            var width = Math.Min(PanelWidth, Outputs - panel * PanelWidth);
            if (width < PanelWidth)
            {
                to.Clear();
            }
            for (var j = 0; j < width; j++)
            {
                var row = source.Slice((panel * PanelWidth + j) * Inputs, Inputs);
                for (int i = 0, at = j; i < row.Length; i++, at += PanelWidth)
                {
                    to[at] = row[i];
                }
            }
        }
    }

    private (Array Storage, nint Start) Allocate<T>()
        where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(checked(PaddedElements + AlignmentBytes / sizeof(T)), pinned: true);
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (array, (address + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes);
    }

    private void ThrowUnlessWhole(int length, string name)
    {
        if (length != (long)Outputs * Inputs)
        {
            throw new ArgumentException($"There are {length} weights; [{Outputs}, {Inputs}] needs {(long)Outputs * Inputs}.", name);
        }
    }
}
