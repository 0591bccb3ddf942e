namespace RagPlatform.Transformers.Decoders;

/// <summary>PEFT's adapter_config.json.</summary>
/// <param name="Rank">r.</param>
/// <param name="Scale">lora_alpha / r, or lora_alpha / √r where use_rslora (Kalajdzievski 2023, arXiv:2312.03732).</param>
/// <param name="Targets">Module names, or ends of them; empty for all linear layers.</param>
/// <param name="EveryLayer">No layers are left out.</param>
internal sealed record LoraSettings(int Rank, float Scale, IReadOnlyList<string> Targets, bool EveryLayer)
{
    private const string ConfigFile = "adapter_config.json";
    private const int MaxFileBytes = 4 * 1024 * 1024;
    private const int MaxRank = 4096;

    /// <summary>Ways to begin that leave the base's weights as they are; PiSSA, OLoRA, CorDA and LoftQ change them.</summary>
    private static readonly string[] PlainBeginnings = ["gaussian", "eva", "orthogonal"];

    /// <exception cref="FileNotFoundException">There is no adapter_config.json.</exception>
    /// <exception cref="InvalidDataException">Not JSON, a value out of its range, or an adapter of a kind that is not built.</exception>
    public static LoraSettings Read(IModelFiles files)
    {
        if (!files.Exists(ConfigFile))
        {
            throw new FileNotFoundException($"The adapter has no {ConfigFile}.", ConfigFile);
        }
        using var stream = files.Open(ConfigFile);
        return ModelJson.Read(stream, ConfigFile, MaxFileBytes, Read);
    }

    public bool Includes(string module) => Targets.Count == 0
        || Targets.Any(target => module == target || module.EndsWith("." + target, StringComparison.Ordinal));

    private static LoraSettings Read(ModelJson json)
    {
        json.Require("peft_type", "LORA");
        json.Require("bias", "none");
        RefuseUnbuilt(json);
        var rank = json.Integer("r", 1, MaxRank);
        var alpha = json.Number("lora_alpha", 0, 1e6);
        var scale = alpha / (json.Flag("use_rslora", absent: false) ? Math.Sqrt(rank) : rank);
        return new LoraSettings(
            rank, (float)scale, ReadTargets(json), !json.Has("layers_to_transform") && !json.Has("exclude_modules"));
    }

    private static void RefuseUnbuilt(ModelJson json)
    {
        foreach (var flag in (ReadOnlySpan<string>)["use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora"])
        {
            if (json.Flag(flag, absent: false))
            {
                throw new InvalidDataException($"{ConfigFile}: {flag} is not built.");
            }
        }
        foreach (var field in (ReadOnlySpan<string>)["rank_pattern", "alpha_pattern"])
        {
            if (json.Group(field) is { } pattern && pattern.Names().Count > 0)
            {
                throw new InvalidDataException($"{ConfigFile}: {field} is not built; all layers must have one rank and alpha.");
            }
        }
        foreach (var field in (ReadOnlySpan<string>)["layer_replication", "alora_invocation_tokens", "trainable_token_indices", "target_parameters"])
        {
            if (json.Has(field))
            {
                throw new InvalidDataException($"{ConfigFile}: {field} is not built; the adapter would not do what it was trained for.");
            }
        }
        if (json.IsText("init_lora_weights") && !PlainBeginnings.Contains(json.Text("init_lora_weights")))
        {
            throw new InvalidDataException(
                $"{ConfigFile}: init_lora_weights \"{ModelJson.Shown(json.Text("init_lora_weights"))}\" changed the base's weights too; convert the adapter to plain LoRA (PEFT: path_initial_model_for_weight_conversion).");
        }
        if (json.Texts("modules_to_save") is [var module, ..])
        {
            throw new InvalidDataException($"{ConfigFile}: modules_to_save ({module}) is not built; only low-rank pairs are.");
        }
    }

    private static IReadOnlyList<string> ReadTargets(ModelJson json)
    {
        if (!json.IsText("target_modules"))
        {
            return json.Texts("target_modules") is { Count: > 0 } list
                ? list
                : throw new InvalidDataException($"{ConfigFile} has no target_modules.");
        }
        var text = json.Text("target_modules");
        return text == "all-linear" ? []
            : text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.') ? [text]
            : throw new InvalidDataException(
                $"{ConfigFile}: target_modules is the pattern \"{text}\"; patterns are not built, list the modules' names.");
    }
}
