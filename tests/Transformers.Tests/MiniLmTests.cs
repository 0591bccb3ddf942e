using RagPlatform.Numerics;
using RagPlatform.TestKit;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests;

/// <summary>The real all-MiniLM-L6-v2, in the int4 form that npm carries or the hub's fp32.</summary>
public sealed class MiniLmTests
{
    /// <summary>
    /// First components of vectors by ONNX Runtime 1.30 from onnx/model_q4.onnx with MatMulNBits' accuracy_level set
    /// to 1 (fp32 activations), mean-pooled and normalised.
    /// </summary>
    private static readonly (string Text, float[] Components)[] Expected =
    [
        ("a", [-0.051974f, 0.055163f, -0.015705f, 0.046105f, -0.085064f, 0.042476f, 0.111246f, -0.023749f]),
        ("How do I run the tests?", [0.029996f, -0.00375f, -0.064941f, 0.022597f, -0.009288f, -0.050003f, -0.108114f, 0.025393f]),
        ("Who won the 1966 World Cup?", [-0.092768f, 0.141241f, -0.107905f, 0.04837f, 0.09755f, 0.035635f, 0.047338f, 0.049208f]),
        ("England won the football world championship in 1966.", [-0.01436f, 0.072014f, -0.092142f, 0.006299f, 0.064143f, 0.018273f, 0.026205f, 0.028237f]),
        ("A man is eating food.", [0.030102f, 0.02425f, -0.024096f, 0.034553f, -0.125713f, -0.019515f, 0.085306f, -0.073793f]),
        ("A man is eating a piece of bread.", [0.039071f, 0.085756f, -0.024827f, -0.024992f, -0.11734f, -0.017068f, 0.055532f, -0.004103f]),
        ("Größe, naïve café — ΣΊΣΥΦΟΣ 東京 🚀 [SEP]", [0.051165f, 0.032571f, 0.051628f, -0.029067f, -0.050198f, 0.046677f, 0.133735f, -0.052811f]),
        ("int main(void) { return 0; } // C++", [0.000178f, 0.109516f, -0.041588f, 0.001317f, -0.093288f, -0.012928f, -0.020991f, 0.064718f]),
    ];

    [RequiresModelFact]
    public void Embed_KnownTexts_EqualsOnnxRuntime()
    {
        var encoder = Load();
        // The hub's weights were not rounded to 4 bits, so their vectors lie a little elsewhere.
        var tolerance = File.Exists(Path.Combine(RequiresModelFactAttribute.Folder, "model.safetensors")) ? 0.05f : 1e-5f;
        foreach (var (text, components) in Expected)
        {
            var vector = encoder.EmbedPassages([text], 1, CancellationToken.None)[0].Vector;
            for (var i = 0; i < components.Length; i++)
            {
                vector[i].ShouldBe(components[i], tolerance, $"'{text}', component {i}");
            }
        }
    }

    [RequiresModelFact]
    public void Embed_MixedPrecision_IsNearTheFull()
    {
        var mixed = SentenceEncoder.Load(new FolderModelFiles(RequiresModelFactAttribute.Folder), precision: WeightPrecision.Mixed);
        var texts = Expected.Select(expected => expected.Text).ToArray();
        var pairs = Load().EmbedPassages(texts, 2, CancellationToken.None).Zip(mixed.EmbedPassages(texts, 2, CancellationToken.None));
        pairs.ShouldAllBe(pair => VectorMath.Dot(pair.First.Vector, pair.Second.Vector) > 0.998f);
    }

    [RequiresModelFact]
    public void Embed_Paraphrases_AreNearerThanStrangers()
    {
        var vectors = Load().EmbedPassages(
            ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."], 2, CancellationToken.None);
        var paraphrase = VectorMath.Dot(vectors[0].Vector, vectors[1].Vector);
        var stranger = VectorMath.Dot(vectors[0].Vector, vectors[2].Vector);
        paraphrase.ShouldBeGreaterThan(0.7f);
        stranger.ShouldBeLessThan(0.3f);
    }

    [RequiresModelFact]
    public void Load_TheRealModel_HasItsKnownShape()
    {
        var encoder = Load();
        encoder.Dimension.ShouldBe(384);
        encoder.MaxTokens.ShouldBe(256);
        encoder.Tokenizer.VocabularySize.ShouldBe(30522);
        encoder.Tokenizer.Encode("How do I run the tests?", 256).Ids.ShouldBe([101, 2129, 2079, 1045, 2448, 1996, 5852, 1029, 102]);
    }

    private static SentenceEncoder Load() => SentenceEncoder.Load(new FolderModelFiles(RequiresModelFactAttribute.Folder));
}
