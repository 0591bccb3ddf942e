using System.Runtime.InteropServices;
using System.Text.Json;
using RagPlatform.Transformers.Tests.Decoders;
using RagPlatform.Transformers.Training.Decoder;

namespace RagPlatform.Transformers.Tests.Training.Decoder;

/// <summary>What PyTorch's autograd and AdamW make of a tiny decoder (Reference/decoder_training.py).</summary>
internal sealed record ReferenceTraining(
    string Decoder, int Rank, double Alpha, string[] Targets, double Smoothing, double Rate, ReferenceText[] Texts, string[] Names, double Loss, double[] Losses)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Of all parameters, by the order of their names.</summary>
    public float[] Gradients { get; private init; } = [];

    public static ReferenceTraining Of(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Reference", "decoder-training", name);
        return JsonSerializer.Deserialize<ReferenceTraining>(File.ReadAllText(path + ".json"), Options)! with
        {
            Gradients = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path + ".gradients.f32")).ToArray(),
        };
    }

    /// <summary>The decoder with its pairs as the script begins them.</summary>
    public TrainableDecoder Load(int threads = 2, double dropout = 0)
    {
        var tuning = Rank == 0 ? DecoderTuning.Full : new DecoderTuning { Rank = Rank, Alpha = Alpha, Targets = Targets, Dropout = dropout };
        var decoder = TrainableDecoder.Load(ReferenceDecoder.Of(Decoder).Files, tuning, seed: 1, threads);
        foreach (var parameter in decoder.Parameters.Where(parameter => parameter.Name.Contains(".lora_", StringComparison.Ordinal)))
        {
            var (size, phase) = parameter.Name.Contains("lora_A", StringComparison.Ordinal) ? (0.2, 1) : (0.1, 2);
            for (var i = 0; i < parameter.Values.Length; i++)
            {
                parameter.Values[i] = (float)(size * Math.Sin(phase + i));
            }
        }
        return decoder;
    }

    /// <summary>Both texts in one pack.</summary>
    public TokenPack Pack() => TokenPack.Of([.. Texts.Select(text => (text.Ids, text.Wanted))]);
}

internal sealed record ReferenceText(int[] Ids, bool[] Wanted);
