using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Files that say what a model is like.</summary>
internal static class ConfigurationSubjects
{
    private static readonly TinyBert Encoder = new();
    private static readonly string[] EncoderFiles =
        ["config.json", "1_Pooling/config.json", "modules.json", "sentence_bert_config.json", "tokenizer_config.json", "config_sentence_transformers.json"];

    private static readonly Lazy<ReferenceDecoder> Base = new(() => ReferenceDecoder.Of("llama"));

    public static IEnumerable<FuzzSubject> All =>
    [
        new("config.json of an encoder", 800, EncoderModel, Damage("config.json"), Embed, ["config.json", "model.safetensors", "vocab.txt", "the prefix"]),
        new("files beside an encoder", 800, EncoderModel, Damage(EncoderFiles[1..]), Embed, [.. EncoderFiles, "the prefix"]),
        new("config.json that is described", 600, EncoderModel, Damage("config.json"), files => ModelDescription.Read(files), "config.json", "model.safetensors"),
        new("config.json of a decoder", 800, DecoderModel, Damage("config.json"), Append, "config.json", "model.safetensors"),
        new("adapter", 800, Adapter, Damage("adapter_config.json"), Adapt, "adapter_config.json", "adapter_model.safetensors", "the adapter"),
    ];

    private static Action<Dictionary<string, byte[]>, Random> Damage(params string[] names) => (files, random) =>
    {
        var name = names[random.Next(names.Length)];
        files[name] = JsonDamage.Damage(files[name], random);
    };

    private static MemoryModelFiles EncoderModel() => Encoder.HuggingFaceFiles().With(files =>
    {
        files["1_Pooling/config.json"] = Utf8("""{"word_embedding_dimension":28,"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true,"include_prompt":true}""");
        files["modules.json"] = Utf8("""[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]""");
        files["sentence_bert_config.json"] = Utf8("""{"max_seq_length":32,"do_lower_case":false}""");
        files["tokenizer_config.json"] = Utf8("""{"do_lower_case":true,"strip_accents":null,"tokenize_chinese_chars":true,"model_max_length":40}""");
        files["config_sentence_transformers.json"] = Utf8("""{"prompts":{"query":"cat ","document":""},"default_prompt_name":null,"similarity_fn_name":"cosine"}""");
    });

    private static MemoryModelFiles DecoderModel() => new MemoryModelFiles().With(files =>
    {
        foreach (var (name, bytes) in Base.Value.Files.Files)
        {
            files[name] = bytes;
        }
    });

    /// <summary>Rank 2 on the query projection of the first layer.</summary>
    private static MemoryModelFiles Adapter()
    {
        var config = JsonNode.Parse(Base.Value.Files.Files["config.json"])!;
        var hidden = config["hidden_size"]!.GetValue<int>();
        var outputs = config["num_attention_heads"]!.GetValue<int>() * (config["head_dim"]?.GetValue<int>() ?? hidden / config["num_attention_heads"]!.GetValue<int>());
        const string layer = "base_model.model.model.layers.{0}.self_attn.q_proj.lora_";
        return new MemoryModelFiles().With(files =>
        {
            files["adapter_config.json"] = Utf8("""{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["q_proj"],"bias":"none","use_rslora":false,"use_dora":false,"fan_in_fan_out":false,"modules_to_save":null,"rank_pattern":{},"task_type":"CAUSAL_LM"}""");
            files["adapter_model.safetensors"] = SafetensorsBytes.Write(Enumerable.Range(0, config["num_hidden_layers"]!.GetValue<int>()).SelectMany(i =>
            {
                var name = string.Format(System.Globalization.CultureInfo.InvariantCulture, layer, i);
                return new (string, int[], float[])[] { (name + "A.weight", [2, hidden], new float[2 * hidden]), (name + "B.weight", [outputs, 2], new float[2 * outputs]) };
            }));
        });
    }

    private static void Embed(MemoryModelFiles files)
    {
        var encoder = SentenceEncoder.Load(files);
        encoder.Embed([encoder.Encode("the cat.", TextKind.Query)], 1, CancellationToken.None)[0].Vector.Length.ShouldBe(encoder.Dimension);
    }

    private static void Append(MemoryModelFiles files)
    {
        var decoder = RagPlatform.Transformers.Decoders.Decoder.Load(files);
        using var session = new DecoderSession(decoder, Math.Min(3, decoder.MaxPositions));
        session.Append([1], CancellationToken.None).Length.ShouldBe(decoder.VocabularySize);
    }

    private static void Adapt(MemoryModelFiles files)
    {
        var decoder = Shared.Value;
        using var session = new DecoderSession(decoder, 3, LoraAdapter.Load(files, decoder));
        session.Append([1], CancellationToken.None);
    }

    private static readonly Lazy<RagPlatform.Transformers.Decoders.Decoder> Shared = new(() => Base.Value.Load());

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
