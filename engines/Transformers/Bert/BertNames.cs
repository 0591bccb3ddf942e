using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>What a linear layer's tensors are called; the weight is [outputs, inputs].</summary>
internal readonly record struct LinearNames(string Weight, string Bias);

/// <summary>What a normalisation's tensors are called.</summary>
internal readonly record struct NormNames(string Gain, string Bias);

internal sealed record BertLayerNames(
    LinearNames Query,
    LinearNames Key,
    LinearNames Value,
    LinearNames AttentionOutput,
    NormNames AttentionNorm,
    LinearNames Intermediate,
    LinearNames Output,
    NormNames OutputNorm);

/// <summary>What the tensors of a BERT encoder are called in one kind of file.</summary>
internal sealed record BertNames(
    string Words, string Positions, string TokenTypes, NormNames EmbeddingNorm, Func<int, BertLayerNames> Layer)
{
    private const string OnnxBuilderWords = ".model.embeddings.word_embeddings.weight";

    /// <summary>Those that a model's weights go by.</summary>
    public static BertNames Of(IWeights weights) => weights.Contains(OnnxBuilderWords) ? OnnxBuilder : HuggingFace(weights);

    /// <summary>Those that are written: Hugging Face transformers' BertModel's.</summary>
    public static BertNames Saved { get; } = HuggingFace("");

    /// <summary>Hugging Face transformers' BertModel; saved from a model with a head, all names start with "bert." or "roberta.".</summary>
    private static BertNames HuggingFace(IWeights weights)
    {
        const string words = "embeddings.word_embeddings.weight";
        return HuggingFace(Array.Find(["", "bert.", "roberta."], root => weights.Contains(root + words)) ?? "");
    }

    private static BertNames HuggingFace(string root) => new(
        root + "embeddings.word_embeddings.weight",
        root + "embeddings.position_embeddings.weight",
        root + "embeddings.token_type_embeddings.weight",
        Norm(root + "embeddings.LayerNorm"),
        layer => HuggingFaceLayer($"{root}encoder.layer.{layer}."));

    /// <summary>The int4 ONNX files of Microsoft's model builder (onnxruntime-genai), as onnx-community publishes them.</summary>
    private static BertNames OnnxBuilder { get; } = new(
        OnnxBuilderWords,
        ".model.embeddings.position_embeddings.weight",
        ".model.embeddings.token_type_embeddings.weight",
        Norm("model.layers.-1.embeddings_norm_layernorm"),
        layer => OnnxBuilderLayer($"model.layers.{layer}."));

    private static BertLayerNames HuggingFaceLayer(string layer) => new(
        Linear(layer + "attention.self.query"),
        Linear(layer + "attention.self.key"),
        Linear(layer + "attention.self.value"),
        Linear(layer + "attention.output.dense"),
        Norm(layer + "attention.output.LayerNorm"),
        Linear(layer + "intermediate.dense"),
        Linear(layer + "output.dense"),
        Norm(layer + "output.LayerNorm"));

    private static BertLayerNames OnnxBuilderLayer(string layer) => new(
        Int4(layer + "attn.q_proj"),
        Int4(layer + "attn.k_proj"),
        Int4(layer + "attn.v_proj"),
        Int4(layer + "attn.o_proj"),
        Norm(layer + "attention_output_norm_layernorm"),
        Int4(layer + "mlp.fc1"),
        Int4(layer + "mlp.fc2"),
        Norm(layer + "mlp_output_norm_layernorm"));

    private static LinearNames Linear(string name) => new(name + ".weight", name + ".bias");

    private static LinearNames Int4(string name) => new(name + ".MatMul.weight_Q4", name + ".Add.bias");

    private static NormNames Norm(string name) => new(name + ".weight", name + ".bias");
}
