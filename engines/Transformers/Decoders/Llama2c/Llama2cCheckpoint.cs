using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// A checkpoint of karpathy/llama2.c (run.c, "version 0"): seven 32-bit integers (dim, hidden_dim, n_layers, n_heads,
/// n_kv_heads, vocab_size, seq_len; a negative vocab_size says that the classifier is a matrix of its own), then fp32
/// tensors in a fixed order. They are read under the names that Hugging Face gives them.
/// </summary>
internal sealed class Llama2cCheckpoint : IWeights
{
    private const int HeaderBytes = 7 * sizeof(int);
    private const int MaxSize = 1 << 20;

    /// <summary>The token that begins a text is 1.</summary>
    private const int MinVocabulary = 2;

    private readonly Stream stream;
    private readonly Dictionary<string, (int[] Shape, long StartBytes, int RotatedHeads)> tensors = new(StringComparer.Ordinal);
    private long end = HeaderBytes;

    private Llama2cCheckpoint(Stream stream)
    {
        this.stream = stream;
        Config = ReadHeader();
        Place();
    }

    public DecoderConfig Config { get; }

    /// <summary>Reads the head. The stream must seek; it belongs to the result, and is disposed if this fails.</summary>
    /// <exception cref="InvalidDataException">The head is damaged, or the file is not as long as it says.</exception>
    public static Llama2cCheckpoint Open(Stream stream)
    {
        try
        {
            return new Llama2cCheckpoint(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => tensors.ContainsKey(name);

    public Tensor Read(string name)
    {
        if (!tensors.TryGetValue(name, out var tensor))
        {
            throw new InvalidDataException($"The checkpoint has no tensor '{name}'.");
        }
        var values = new float[tensor.Shape.Aggregate(1, (product, size) => checked(product * size))];
        stream.Position = tensor.StartBytes;
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return new Tensor(name, tensor.Shape, tensor.RotatedHeads > 0 ? ToHalves(values, tensor.RotatedHeads, tensor.Shape[1]) : values);
    }

    public void Dispose() => stream.Dispose();

    private DecoderConfig ReadHeader()
    {
        if (stream.Length < HeaderBytes)
        {
            throw Damaged($"it has {stream.Length} bytes; the header takes {HeaderBytes}");
        }
        var header = new byte[HeaderBytes];
        stream.Position = 0;
        stream.ReadExactly(header);
        int Field(int index, string name, int highest)
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(index * sizeof(int)));
            return value >= 1 && value <= highest ? value
                : throw Damaged($"{name} is {value.ToString(CultureInfo.InvariantCulture)}; it must be from 1 to {highest}");
        }
        var signedVocabulary = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(5 * sizeof(int)));
        if (signedVocabulary is (> -MinVocabulary and < MinVocabulary) or < -MaxSize * 4 or > MaxSize * 4)
        {
            throw Damaged($"vocab_size is {signedVocabulary}; it must be from {MinVocabulary} to {MaxSize * 4}, or the negative of that");
        }
        var (dim, heads) = (Field(0, "dim", MaxSize), Field(3, "n_heads", 1024));
        var keyHeads = Field(4, "n_kv_heads", heads);
        if (dim % heads != 0 || dim / heads % 2 != 0 || heads % keyHeads != 0)
        {
            throw Damaged($"dim {dim}, n_heads {heads} and n_kv_heads {keyHeads} do not divide into heads of an even size");
        }
        return new DecoderConfig
        {
            HiddenSize = dim,
            IntermediateSize = Field(1, "hidden_dim", MaxSize),
            Layers = Field(2, "n_layers", 1024),
            Heads = heads,
            KeyHeads = keyHeads,
            HeadSize = dim / heads,
            VocabularySize = Math.Abs(signedVocabulary),
            MaxPositions = Field(6, "seq_len", MaxSize),
            NormEpsilon = 1e-5f,
            Rotary = new RotarySettings { Base = 10_000 },
            TiedEmbeddings = signedVocabulary > 0,
            BeginOfTextId = 1,
            // llama2.c ends a text where the next one begins.
            EndOfTextIds = [1],
        };
    }

    /// <summary>Works out where each tensor lies, as run.c's memory_map_weights does.</summary>
    private void Place()
    {
        var (dim, wide) = (Config.HiddenSize, Config.IntermediateSize);
        Add("model.embed_tokens.weight", Config.VocabularySize, dim);
        AddEach("input_layernorm", dim);
        AddEach("self_attn.q_proj", Config.QuerySize, dim, Config.Heads);
        AddEach("self_attn.k_proj", Config.KeySize, dim, Config.KeyHeads);
        AddEach("self_attn.v_proj", Config.KeySize, dim);
        AddEach("self_attn.o_proj", dim, Config.QuerySize);
        AddEach("post_attention_layernorm", dim);
        AddEach("mlp.gate_proj", wide, dim);
        AddEach("mlp.down_proj", dim, wide);
        AddEach("mlp.up_proj", wide, dim);
        Add("model.norm.weight", dim);
        // Tables of cosines and sines, which run.c skips too.
        end += (long)Config.MaxPositions * Config.HeadSize * sizeof(float);
        if (!Config.TiedEmbeddings)
        {
            Add("lm_head.weight", Config.VocabularySize, dim);
        }
        if (end != stream.Length)
        {
            throw Damaged($"it has {stream.Length} bytes; its header asks for {end}");
        }
    }

    private void AddEach(string name, int rows, int columns = 0, int rotatedHeads = 0)
    {
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            int[] shape = columns == 0 ? [rows] : [rows, columns];
            Add($"model.layers.{layer}.{name}.weight", shape, rotatedHeads);
        }
    }

    private void Add(string name, params int[] shape) => Add(name, shape, rotatedHeads: 0);

    private void Add(string name, int[] shape, int rotatedHeads)
    {
        tensors.Add(name, (shape, end, rotatedHeads));
        end += sizeof(float) * shape.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>
    /// llama2.c rotates components 2i and 2i + 1 of a head together, Hugging Face i and i + size/2. The order of a
    /// head's components changes no product of a query and a key, so the rows are put into the latter's.
    /// </summary>
    private static float[] ToHalves(float[] values, int heads, int columns)
    {
        var result = new float[values.Length];
        var size = values.Length / columns / heads;
        for (var row = 0; row < heads * size; row++)
        {
            var (head, component) = (row / size, row % size);
            var to = head * size + component / 2 + component % 2 * (size / 2);
            values.AsSpan(row * columns, columns).CopyTo(result.AsSpan(to * columns));
        }
        return result;
    }

    private static InvalidDataException Damaged(string reason) => new($"Damaged llama2.c checkpoint: {reason}.");
}
