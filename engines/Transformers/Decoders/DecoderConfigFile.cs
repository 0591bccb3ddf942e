namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// Hugging Face's config.json of a Llama-family decoder: model types llama (SmolLM among them), mistral, qwen2 and
/// qwen3. What would change the result and is not built is refused by name.
/// </summary>
internal static class DecoderConfigFile
{
    private const string ConfigFile = "config.json";
    private const string GenerationFile = "generation_config.json";
    private const int MaxFileBytes = 4 * 1024 * 1024;
    private const int MaxVocabulary = 4_000_000;
    private const int MaxPositions = 16 * 1024 * 1024;
    private const int MaxEndTokens = 64;

    /// <summary>Values of model_type.</summary>
    public static readonly string[] Types = ["llama", "mistral", "qwen2", "qwen3"];

    /// <exception cref="FileNotFoundException">There is no config.json.</exception>
    /// <exception cref="InvalidDataException">Not JSON, a value out of its range, or not a decoder of a kind that is built.</exception>
    public static DecoderConfig Read(IModelFiles files)
    {
        if (!files.Exists(ConfigFile))
        {
            throw new FileNotFoundException($"The model has no {ConfigFile}.", ConfigFile);
        }
        using var stream = files.Open(ConfigFile);
        var config = ModelJson.Read(stream, ConfigFile, MaxFileBytes, Read);
        if (!files.Exists(GenerationFile))
        {
            return config;
        }
        using var generation = files.Open(GenerationFile);
        return ModelJson.Read(generation, GenerationFile, MaxFileBytes, json => WithTokens(json, config));
    }

    /// <summary>What config.json alone says.</summary>
    /// <exception cref="InvalidDataException">A value out of its range, or not a decoder of a kind that is built.</exception>
    public static DecoderConfig Read(ModelJson json)
    {
        var type = json.OneOf("model_type", Types);
        RefuseUnbuilt(json);
        var hidden = json.Integer("hidden_size", 1, 65_536);
        var heads = json.Integer("num_attention_heads", 1, 1024);
        var maxPositions = json.Integer("max_position_embeddings", 1, MaxPositions);
        var attentionBias = json.Flag("attention_bias", absent: false);
        var config = new DecoderConfig
        {
            HiddenSize = hidden,
            IntermediateSize = json.Integer("intermediate_size", 1, 1_048_576),
            Layers = json.Integer("num_hidden_layers", 1, 1024),
            Heads = heads,
            KeyHeads = json.Has("num_key_value_heads") ? json.Integer("num_key_value_heads", 1, heads) : heads,
            HeadSize = HeadSize(json, type, hidden, heads),
            VocabularySize = json.Integer("vocab_size", 1, MaxVocabulary),
            MaxPositions = maxPositions,
            NormEpsilon = json.Has("rms_norm_eps") ? (float)json.Number("rms_norm_eps", 1e-15, 1e-2) : 1e-6f,
            Rotary = RotarySettings.Read(json, maxPositions),
            QueryKeyValueBias = attentionBias || type == "qwen2",
            AttentionOutputBias = attentionBias,
            FeedForwardBias = json.Flag("mlp_bias", absent: false),
            QueryKeyNorm = type == "qwen3",
            TiedEmbeddings = json.Flag("tie_word_embeddings", absent: false),
        };
        config = WithTokens(json, config with { MaxPositions = Math.Min(config.Rotary.Extend(maxPositions), Window(json, type)) });
        return config.Heads % config.KeyHeads == 0
            ? config
            : throw new InvalidDataException(
                $"{ConfigFile}: num_attention_heads {config.Heads} is not a multiple of num_key_value_heads {config.KeyHeads}.");
    }

    private static void RefuseUnbuilt(ModelJson json)
    {
        json.Require("hidden_act", "silu");
        if (json.Has("quantization_config"))
        {
            throw new InvalidDataException(
                $"{ConfigFile}: quantization_config is not built; take the model's fp32, fp16 or bf16 weights.");
        }
        if (json.Texts("layer_types").FirstOrDefault(type => type is not ("full_attention" or "sliding_attention")) is { } other)
        {
            throw new InvalidDataException(
                $"{ConfigFile}: layer_types names \"{other}\"; full_attention and sliding_attention are built.");
        }
    }

    private static int HeadSize(ModelJson json, string type, int hidden, int heads)
    {
        var size = json.Has("head_dim") ? json.Integer("head_dim", 2, 4096)
            : type == "qwen3" ? 128
            : hidden % heads == 0 ? hidden / heads
            : throw new InvalidDataException(
                $"{ConfigFile}: hidden_size {hidden} is not a multiple of num_attention_heads {heads}, and there is no head_dim.");
        return size % 2 == 0
            ? size
            : throw new InvalidDataException($"{ConfigFile}: heads of {size} components cannot be rotated; the size must be even.");
    }

    /// <summary>
    /// Positions within which a sliding window hides nothing. Windows are not built, so a text ends where one begins.
    /// </summary>
    private static int Window(ModelJson json, string type)
    {
        var slides = type switch
        {
            "mistral" => json.Has("sliding_window"),
            "qwen2" or "qwen3" => json.Flag("use_sliding_window", absent: false),
            _ => false,
        };
        slides |= json.Texts("layer_types").Contains("sliding_attention");
        return slides ? json.Integer("sliding_window", 1, MaxPositions) : MaxPositions;
    }

    private static DecoderConfig WithTokens(ModelJson json, DecoderConfig config)
    {
        var ends = json.Integers("eos_token_id", 0, config.VocabularySize - 1, MaxEndTokens);
        var begins = json.Integers("bos_token_id", 0, config.VocabularySize - 1, MaxEndTokens);
        return config with
        {
            EndOfTextIds = ends.Count > 0 ? ends : config.EndOfTextIds,
            BeginOfTextId = begins.Count > 0 ? begins[0] : config.BeginOfTextId,
        };
    }
}
