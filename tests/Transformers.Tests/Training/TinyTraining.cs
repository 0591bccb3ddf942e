using RagPlatform.Tokenization;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.Transformers.Tests.Training;

/// <summary>The tiny BERT with something to train, and inputs for it.</summary>
internal static class TinyTraining
{
    public static EncoderLora AllLow { get; } = new(3, 6, 0, EncoderLora.AllTargets, 7);

    public static EncodedText[] Texts => [New(2, 5, 9, 9, 3), New(2, 30, 31, 32, 33, 34, 7, 8, 3), New(2, 3), New(2, 5, 3)];

    /// <summary>An adapter's B begins at 0, where A has no gradient and the adapter does nothing: here it is moved away from there.</summary>
    public static TrainableEncoder Load(EncoderTuning tuning)
    {
        var encoder = TrainableEncoder.Load(new TinyBert().HuggingFaceFiles(), "", tuning);
        foreach (var parameter in encoder.Parameters.Where(parameter => parameter.Name.EndsWith("lora_B.weight", StringComparison.Ordinal)))
        {
            Numbers(8, parameter.Values.Length).CopyTo(parameter.Values, 0);
        }
        return encoder;
    }

    public static float[][] Hidden(TrainableEncoder encoder, EncodedText[] texts) =>
        encoder.Infer(texts, (_, hidden) => hidden.ToArray(), threads: 2, CancellationToken.None);

    public static EncodedText New(params int[] ids) => new(ids, 0);

    /// <summary>From -1 to 1.</summary>
    public static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
