namespace RagPlatform.Transformers.Decoders;

/// <summary>How rotary frequencies are scaled for texts longer than those of the training.</summary>
public enum RotaryScaling
{
    None,

    /// <summary>All frequencies divided by the factor (Chen et al. 2023, arXiv:2306.15595).</summary>
    Linear,

    /// <summary>A larger base for texts beyond the trained length (NTK-aware).</summary>
    Dynamic,

    /// <summary>Low frequencies divided, high ones kept, those between blended (Llama 3.1).</summary>
    Llama3,

    /// <summary>NTK by parts, and warmer attention (Peng et al. 2023, arXiv:2309.00071).</summary>
    Yarn,
}

/// <summary>Rotary position embedding of a decoder, from config.json.</summary>
public sealed record RotarySettings
{
    private const double MaxFactor = 1_000_000;
    private const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The base of the frequencies: θ.</summary>
    public required double Base { get; init; }

    public RotaryScaling Scaling { get; init; }

    public double Factor { get; init; } = 1;

    /// <summary>Longest text of the training, in tokens.</summary>
    public int OriginalPositions { get; init; }

    /// <summary>Llama3: wavelengths above OriginalPositions / this are divided.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama3: wavelengths below OriginalPositions / this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Yarn: frequencies that turn more often than this within OriginalPositions are kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>Yarn: frequencies that turn less often than this within OriginalPositions are divided.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Yarn: the band's borders are taken to whole components.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Yarn: factor on both queries and keys.</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>
    /// Dynamic scaling goes beyond the length that the file states by the factor, and YaRN as far beyond the original
    /// one; with the others the file states what the model reaches.
    /// </summary>
    public int Extend(int maxPositions) => Scaling switch
    {
        RotaryScaling.Dynamic => (int)Math.Min(MaxLength, maxPositions * Factor),
        RotaryScaling.Yarn => (int)Math.Max(maxPositions, Math.Min(MaxLength, OriginalPositions * Factor)),
        _ => maxPositions,
    };

    /// <summary>
    /// The older form, rope_theta and rope_scaling with "type" or "rope_type", or the newer, all in rope_parameters.
    /// </summary>
    /// <exception cref="InvalidDataException">A value out of its range, or a scaling that is not built.</exception>
    internal static RotarySettings Read(ModelJson json, int maxPositions)
    {
        var (newer, older) = (json.Group("rope_parameters"), json.Group("rope_scaling"));
        if (newer?.Names().Count > 0 && older?.Names().Count > 0)
        {
            throw new InvalidDataException("config.json has rope_parameters and rope_scaling; keep the one that the model was trained with.");
        }
        var group = newer?.Names().Count > 0 ? newer : older;
        var holder = group is { } given && given.Has("rope_theta") ? given : json;
        var settings = new RotarySettings
        {
            Base = holder.Has("rope_theta") ? holder.Number("rope_theta", 1.000001, 1e12) : 10_000,
            OriginalPositions = maxPositions,
        };
        RequireWhole(json);
        if (group is not { } scaling)
        {
            return settings;
        }
        RequireWhole(scaling);
        return scaling.Names().Count == 0 ? settings : ReadScaling(scaling, settings);
    }

    private static RotarySettings ReadScaling(ModelJson json, RotarySettings settings)
    {
        var field = json.Has("rope_type") ? "rope_type" : "type";
        if (!json.Has(field))
        {
            // rope_parameters may hold nothing but the base.
            return json.Names().FirstOrDefault(name => name is not ("rope_theta" or "partial_rotary_factor")) is { } name
                ? throw new InvalidDataException($"config.json: the rotary scaling has a {name} and no rope_type.")
                : settings;
        }
        var type = json.OneOf(field, ["default", "linear", "dynamic", "llama3", "yarn"]);
        if (type == "default")
        {
            return settings;
        }
        settings = settings with
        {
            Factor = json.Number("factor", 1, MaxFactor),
            OriginalPositions = json.Has("original_max_position_embeddings")
                ? json.Integer("original_max_position_embeddings", 1, MaxLength)
                : settings.OriginalPositions,
        };
        return type switch
        {
            "linear" => settings with { Scaling = RotaryScaling.Linear },
            "dynamic" => settings with { Scaling = RotaryScaling.Dynamic },
            "llama3" => ReadLlama3(json, settings),
            _ => ReadYarn(json, settings),
        };
    }

    private static RotarySettings ReadLlama3(ModelJson json, RotarySettings settings)
    {
        var low = json.Number("low_freq_factor", 1e-6, MaxFactor);
        var high = json.Number("high_freq_factor", 1e-6, MaxFactor);
        return high > low
            ? settings with { Scaling = RotaryScaling.Llama3, LowFrequencyFactor = low, HighFrequencyFactor = high }
            : throw new InvalidDataException($"config.json: high_freq_factor {high} must be above low_freq_factor {low}.");
    }

    private static RotarySettings ReadYarn(ModelJson json, RotarySettings settings)
    {
        double Or(string field, double absent) => json.Has(field) ? json.Number(field, 0, MaxFactor) : absent;
        double Warmth(double scale) => settings.Factor <= 1 ? 1 : 0.1 * scale * Math.Log(settings.Factor) + 1;
        var (all, each) = (Or("mscale_all_dim", 0), Or("mscale", 0));
        return settings with
        {
            Scaling = RotaryScaling.Yarn,
            BetaFast = json.Has("beta_fast") ? json.Number("beta_fast", 1e-6, MaxFactor) : 32,
            BetaSlow = json.Has("beta_slow") ? json.Number("beta_slow", 1e-6, MaxFactor) : 1,
            Truncate = json.Flag("truncate", absent: true),
            AttentionFactor = json.Has("attention_factor") ? json.Number("attention_factor", 1e-6, MaxFactor)
                : all > 0 && each > 0 ? Warmth(each) / Warmth(all)
                : Warmth(1),
        };
    }

    private static void RequireWhole(ModelJson json)
    {
        if (json.Has("partial_rotary_factor") && json.Number("partial_rotary_factor", 0, 1) != 1)
        {
            throw new InvalidDataException("config.json: partial_rotary_factor below 1 is not built.");
        }
    }
}
