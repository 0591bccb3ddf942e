using System.Text;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Bench.Engines.Decoders;

/// <summary>Writes <see cref="RandomDecoder"/>'s weights as a GGUF file of version 3 without a vocabulary (ggml's docs/gguf.md).</summary>
internal sealed class GgufWriter(IWeights weights, ElementType type)
{
    private const int Alignment = 32;
    private const int UInt32Value = 4;
    private const int Float32Value = 6;
    private const int StringValue = 8;

    public void Write(Stream stream)
    {
        var tensors = Tensors().ToArray();
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Length);
        var fields = Fields();
        writer.Write((ulong)fields.Length);
        foreach (var (key, value) in fields)
        {
            WriteField(writer, key, value);
        }
        ulong offset = 0;
        foreach (var (name, source, _) in tensors)
        {
            var shape = weights.ReadStored(source).Shape;
            WriteString(writer, name);
            writer.Write((uint)shape.Count);
            foreach (var size in shape.Reverse())
            {
                writer.Write((ulong)size);
            }
            // ggml's numbers of its types.
            writer.Write(shape.Count == 1 || type == ElementType.Float32 ? 0u : type == ElementType.Float16 ? 1u : 30u);
            writer.Write(offset);
            offset += Padded((ulong)shape.Aggregate(1, (product, size) => product * size) * (shape.Count == 1 || type == ElementType.Float32 ? 4ul : 2ul));
        }
        Pad(writer);
        foreach (var (_, source, rotatedHeads) in tensors)
        {
            WriteValues(writer, weights.Read(source), rotatedHeads);
            Pad(writer);
        }
    }

    private static (string Key, object Value)[] Fields() =>
    [
        ("general.architecture", "llama"), ("general.name", "random"),
        ("llama.context_length", (uint)RandomDecoder.MaxPositions), ("llama.embedding_length", (uint)RandomDecoder.Hidden),
        ("llama.block_count", (uint)RandomDecoder.Layers), ("llama.feed_forward_length", (uint)RandomDecoder.Wide),
        ("llama.attention.head_count", (uint)RandomDecoder.Heads), ("llama.attention.head_count_kv", (uint)RandomDecoder.KeyHeads),
        ("llama.attention.layer_norm_rms_epsilon", RandomDecoder.NormEpsilon), ("llama.rope.dimension_count", (uint)RandomDecoder.HeadSize),
        ("llama.rope.freq_base", 10_000f), ("llama.vocab_size", (uint)RandomDecoder.Vocabulary), ("tokenizer.ggml.model", "no_vocab"),
    ];

    /// <summary>ggml's names, Hugging Face's, and how many heads ggml rotates in pairs of neighbours.</summary>
    private static IEnumerable<(string Name, string Source, int RotatedHeads)> Tensors()
    {
        yield return ("token_embd.weight", "model.embed_tokens.weight", 0);
        yield return ("output_norm.weight", "model.norm.weight", 0);
        for (var layer = 0; layer < RandomDecoder.Layers; layer++)
        {
            var (to, from) = ($"blk.{layer}.", $"model.layers.{layer}.");
            yield return (to + "attn_norm.weight", from + "input_layernorm.weight", 0);
            yield return (to + "attn_q.weight", from + "self_attn.q_proj.weight", RandomDecoder.Heads);
            yield return (to + "attn_k.weight", from + "self_attn.k_proj.weight", RandomDecoder.KeyHeads);
            yield return (to + "attn_v.weight", from + "self_attn.v_proj.weight", 0);
            yield return (to + "attn_output.weight", from + "self_attn.o_proj.weight", 0);
            yield return (to + "ffn_norm.weight", from + "post_attention_layernorm.weight", 0);
            yield return (to + "ffn_gate.weight", from + "mlp.gate_proj.weight", 0);
            yield return (to + "ffn_up.weight", from + "mlp.up_proj.weight", 0);
            yield return (to + "ffn_down.weight", from + "mlp.down_proj.weight", 0);
        }
    }

    private void WriteValues(BinaryWriter writer, Tensor tensor, int rotatedHeads)
    {
        var width = tensor.Shape.Count == 1 ? tensor.Values.Length : tensor.Shape[1];
        var headRows = rotatedHeads == 0 ? 0 : tensor.Shape[0] / rotatedHeads;
        for (var row = 0; row < tensor.Values.Length / width; row++)
        {
            // Row 2i of a head in ggml is row i in Hugging Face's order, 2i + 1 the one half a head further.
            var source = rotatedHeads == 0 ? row : row / headRows * headRows + row % headRows / 2 + row % 2 * (headRows / 2);
            foreach (var value in tensor.Values.AsSpan(source * width, width))
            {
                if (tensor.Shape.Count == 1 || type == ElementType.Float32)
                {
                    writer.Write(value);
                }
                else
                {
                    writer.Write(type == ElementType.Float16
                        ? BitConverter.HalfToUInt16Bits((Half)value)
                        : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                }
            }
        }
    }

    private static void WriteField(BinaryWriter writer, string key, object value)
    {
        WriteString(writer, key);
        switch (value)
        {
            case uint number:
                writer.Write(UInt32Value);
                writer.Write(number);
                break;
            case float number:
                writer.Write(Float32Value);
                writer.Write(number);
                break;
            default:
                writer.Write(StringValue);
                WriteString(writer, (string)value);
                break;
        }
    }

    private static void WriteString(BinaryWriter writer, string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Pad(BinaryWriter writer)
    {
        writer.Flush();
        var position = (ulong)writer.BaseStream.Position;
        writer.Write(new byte[Padded(position) - position]);
    }

    private static ulong Padded(ulong length) => (length + Alignment - 1) / Alignment * Alignment;
}
