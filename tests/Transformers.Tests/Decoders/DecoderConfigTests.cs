using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Decoders;

public sealed class DecoderConfigTests
{
    [Fact]
    public void Read_SmolLm_HasItsShape()
    {
        var config = Read("""
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 0, "eos_token_id": 0, "hidden_act": "silu",
             "hidden_size": 576, "intermediate_size": 1536, "is_llama_config": true, "max_position_embeddings": 2048, "model_type": "llama",
             "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_interleaved": false, "rope_scaling": null, "rope_theta": 10000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "use_cache": true, "vocab_size": 49152}
            """);
        (config.HeadSize, config.KeySize, config.TiedEmbeddings, config.QueryKeyValueBias).ShouldBe((64, 192, true, false));
        (config.BeginOfTextId, config.EndOfTextIds.Single(), config.Rotary.Scaling).ShouldBe((0, 0, RotaryScaling.None));
    }

    [Fact]
    public void Read_Qwen3InTheNewForm_HasItsShape()
    {
        var config = Read(Base("qwen3", ("head_dim", "128"), ("rope_parameters", """{"rope_theta": 1000000, "rope_type": "default"}""")));
        (config.HeadSize, config.QueryKeyNorm, config.Rotary.Base, config.QueryKeyValueBias).ShouldBe((128, true, 1e6, false));
        Read(Base("qwen2")).QueryKeyValueBias.ShouldBeTrue();
        Read(Base("qwen2")).AttentionOutputBias.ShouldBeFalse();
    }

    [Fact]
    public void Read_GenerationConfig_ReplacesTheTokens()
    {
        var files = Files(Base("llama", ("eos_token_id", "2"), ("bos_token_id", "1")));
        files.Files["generation_config.json"] = """{"eos_token_id": [5, 6, 7], "do_sample": true}"""u8.ToArray();
        var config = DecoderConfigFile.Read(files);
        config.EndOfTextIds.ShouldBe([5, 6, 7]);
        config.BeginOfTextId.ShouldBe(1);
    }

    [Theory]
    [InlineData("mistral", "4096", "null", 4096)]
    [InlineData("mistral", "null", "null", 8192)]
    [InlineData("mistral", "100000", "null", 8192)]
    [InlineData("qwen2", "4096", "false", 8192)]
    [InlineData("qwen2", "4096", "true", 4096)]
    [InlineData("llama", "4096", "null", 8192)]
    public void Read_SlidingWindow_EndsTheTextWhereItWouldBegin(string type, string window, string use, int positions) =>
        Read(Base(type, ("sliding_window", window), ("use_sliding_window", use))).MaxPositions.ShouldBe(positions);

    [Theory]
    [InlineData("""{"type": "linear", "factor": 2.0}""", RotaryScaling.Linear, 8192)]
    [InlineData("""{"rope_type": "dynamic", "factor": 2.0}""", RotaryScaling.Dynamic, 16384)]
    [InlineData("""{"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 1024}""", RotaryScaling.Llama3, 8192)]
    [InlineData("""{"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 2048}""", RotaryScaling.Yarn, 8192)]
    [InlineData("""{"type": "yarn", "factor": 4.0}""", RotaryScaling.Yarn, 32768)]
    [InlineData("{}", RotaryScaling.None, 8192)]
    public void Read_Scaling_IsThatOfTheFile(string scaling, RotaryScaling kind, int positions)
    {
        var config = Read(Base("llama", ("rope_scaling", scaling)));
        (config.Rotary.Scaling, config.MaxPositions).ShouldBe((kind, positions));
    }

    [Theory]
    [InlineData("model_type", "\"gemma\"")]
    [InlineData("model_type", "null")]
    [InlineData("hidden_act", "\"gelu\"")]
    [InlineData("hidden_size", "-1")]
    [InlineData("hidden_size", "1e9")]
    [InlineData("hidden_size", "2.5")]
    [InlineData("num_hidden_layers", "100000")]
    [InlineData("num_attention_heads", "0")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("num_key_value_heads", "16")]
    [InlineData("head_dim", "7")]
    [InlineData("head_dim", "1000000")]
    [InlineData("vocab_size", "999999999")]
    [InlineData("max_position_embeddings", "0")]
    [InlineData("rms_norm_eps", "0")]
    [InlineData("eos_token_id", "1000")]
    [InlineData("eos_token_id", "[1, -1]")]
    [InlineData("eos_token_id", "\"2\"")]
    [InlineData("rope_theta", "0")]
    [InlineData("rope_scaling", "[]")]
    [InlineData("rope_scaling", """{"type": "longrope", "factor": 2}""")]
    [InlineData("rope_scaling", """{"factor": 2}""")]
    [InlineData("rope_parameters", """{"rope_theta": 10000, "low_freq_factor": 2}""")]
    [InlineData("rope_scaling", """{"type": "linear", "factor": 0.5}""")]
    [InlineData("rope_scaling", """{"type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4}""")]
    [InlineData("partial_rotary_factor", "0.5")]
    [InlineData("quantization_config", """{"bits": 4}""")]
    [InlineData("layer_types", """["linear_attention"]""")]
    [InlineData("tie_word_embeddings", "1")]
    public void Read_HostileOrUnbuilt_NamesTheField(string field, string value)
    {
        var json = JsonNode.Parse(Base("llama"))!.AsObject();
        json[field] = JsonNode.Parse(value);
        var error = Should.Throw<InvalidDataException>(() => Read(json.ToJsonString())).Message;
        error.ShouldContain(field == "head_dim" && value == "7" ? "heads of 7" : value.Contains("longrope", StringComparison.Ordinal) ? "type" : value.Contains("low_freq", StringComparison.Ordinal) ? "low_freq_factor" : value.Contains("factor", StringComparison.Ordinal) ? "factor" : field);
    }

    [Fact]
    public void Read_ScalingInBothForms_IsRefusedUnlessOneIsEmpty()
    {
        const string linear = """{"rope_type": "linear", "factor": 2.0}""";
        Should.Throw<InvalidDataException>(() => Read(Base("llama", ("rope_parameters", """{"rope_theta": 10000}"""), ("rope_scaling", linear)))).Message.ShouldContain("rope_scaling");
        Read(Base("llama", ("rope_parameters", "{}"), ("rope_scaling", linear))).Rotary.Scaling.ShouldBe(RotaryScaling.Linear);
        Read(Base("llama", ("rope_parameters", linear), ("rope_scaling", "null"))).Rotary.Scaling.ShouldBe(RotaryScaling.Linear);
    }

    [Fact]
    public void Load_WeightsOfAnotherShapeOrNotFinite_NameTheTensor()
    {
        var reference = ReferenceDecoder.Of("llama");
        var config = JsonNode.Parse(reference.Files.Files["config.json"])!.AsObject();
        config["intermediate_size"] = 48;
        reference.Files.Files["config.json"] = Encoding.UTF8.GetBytes(config.ToJsonString());
        Should.Throw<InvalidDataException>(() => reference.Load()).Message.ShouldContain("gate_proj");

        var damaged = ReferenceDecoder.Of("qwen2");
        damaged.Files.Files["model.safetensors"][^1] = 0x7c;
        damaged.Files.Files["model.safetensors"][^2] = 0;
        Should.Throw<InvalidDataException>(() => damaged.Load()).Message.ShouldContain("finite");
    }

    private static DecoderConfig Read(string json) => DecoderConfigFile.Read(Files(json));

    private static MemoryModelFiles Files(string json)
    {
        var files = new MemoryModelFiles();
        files.Files["config.json"] = Encoding.UTF8.GetBytes(json);
        return files;
    }

    private static string Base(string type, params (string Field, string Value)[] fields)
    {
        var json = JsonNode.Parse("""
            {"hidden_act": "silu", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 8,
             "num_key_value_heads": 2, "vocab_size": 100, "max_position_embeddings": 8192, "rms_norm_eps": 1e-6}
            """)!.AsObject();
        json["model_type"] = type;
        foreach (var (field, value) in fields)
        {
            json[field] = JsonNode.Parse(value);
        }
        return json.ToJsonString();
    }
}
