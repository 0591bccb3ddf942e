using System.Text.Json;
using System.Text.Json.Nodes;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Sentences;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// Writes a whole model's folder as Hugging Face and sentence-transformers have it: the base's tokenizer as it is, its
/// configuration, new weights, and, in files, what the base said of pooling, length and prefixes or only its family's name told.
/// </summary>
internal sealed class ModelFolderFiles(IModelFiles source, SentenceSettings settings, BertConfig shape)
{
    private static readonly string[] TokenizerFiles =
        ["vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "sentencepiece.bpe.model"];

    public static Dictionary<string, string> PyTorch { get; } = new(StringComparer.Ordinal) { ["format"] = "pt" };

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    /// <summary>A sentence encoder.</summary>
    /// <param name="create">Opens a new file of that name, which can seek and may be in a folder; it is disposed here.</param>
    /// <param name="tensors">All of the encoder.</param>
    public void WriteEncoder(Func<string, Stream> create, IReadOnlyCollection<Tensor> tensors)
    {
        WriteNetwork(create, "Model", tensors, isReranker: false);
        const string Modules = "sentence_transformers.models.";
        WriteJson(create, "modules.json", new JsonArray(
            Module(0, "", Modules + "Transformer"), Module(1, "1_Pooling", Modules + "Pooling"), Module(2, "2_Normalize", Modules + "Normalize")));
        WriteJson(create, "1_Pooling/config.json", new JsonObject
        {
            ["word_embedding_dimension"] = shape.HiddenSize,
            ["pooling_mode_cls_token"] = settings.Pooling == Pooling.FirstToken,
            ["pooling_mode_mean_tokens"] = settings.Pooling == Pooling.Mean,
            ["pooling_mode_max_tokens"] = settings.Pooling == Pooling.Max,
            ["pooling_mode_mean_sqrt_len_tokens"] = false,
        });
        WriteJson(create, SequenceLimits.LengthFile, new JsonObject { ["max_seq_length"] = settings.MaxTokens, ["do_lower_case"] = false });
        WriteJson(create, "config_sentence_transformers.json", new JsonObject
        {
            ["prompts"] = new JsonObject { ["query"] = settings.Prefixes.Query, ["passage"] = settings.Prefixes.Passage },
            ["default_prompt_name"] = null,
            ["similarity_fn_name"] = "cosine",
        });
    }

    /// <summary>A reranker: the encoder under its class's name, with a head of one label.</summary>
    /// <param name="create">As <see cref="WriteEncoder"/>.</param>
    /// <param name="tensors">All of the encoder.</param>
    /// <param name="head">By its names in Hugging Face's class.</param>
    public void WriteReranker(Func<string, Stream> create, IEnumerable<Tensor> tensors, IEnumerable<Tensor> head)
    {
        var root = shape.IsRoberta ? "roberta." : "bert.";
        WriteNetwork(create, "ForSequenceClassification", [.. tensors.Select(tensor => tensor with { Name = root + tensor.Name }), .. head], isReranker: true);
    }

    private void WriteNetwork(Func<string, Stream> create, string task, IReadOnlyCollection<Tensor> tensors, bool isReranker)
    {
        using (var stream = source.Open(BertConfig.File))
        {
            var config = JsonNode.Parse(stream)!.AsObject();
            config["architectures"] = new JsonArray((string?)config["model_type"] switch
            {
                "roberta" => "Roberta" + task,
                "xlm-roberta" => "XLMRoberta" + task,
                _ => "Bert" + task,
            });
            config["torch_dtype"] = "float32";
            config.Remove("transformers.js_config");
            if (isReranker)
            {
                config["id2label"] = new JsonObject { ["0"] = "LABEL_0" };
                config["label2id"] = new JsonObject { ["LABEL_0"] = 0 };
            }
            WriteJson(create, BertConfig.File, config);
        }
        foreach (var name in TokenizerFiles.Where(source.Exists))
        {
            using var from = source.Open(name);
            using var to = create(name);
            from.CopyTo(to);
        }
        using var weights = create("model.safetensors");
        SafetensorsWriter.Write(weights, tensors, ElementType.Float32, PyTorch);
    }

    private static JsonObject Module(int index, string path, string type) =>
        new() { ["idx"] = index, ["name"] = $"{index}", ["path"] = path, ["type"] = type };

    private static void WriteJson(Func<string, Stream> create, string name, JsonNode json)
    {
        using var stream = create(name);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(json, Indented));
    }
}
