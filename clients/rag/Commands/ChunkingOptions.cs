using System.CommandLine;
using System.Globalization;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--chunking, --chunk-tokens, --chunk-overlap and --parent-tokens: how documents are cut.</summary>
internal sealed class ChunkingOptions
{
    private const int LeastTokens = 16;
    private const int MostTokens = 8192;

    private static readonly Dictionary<string, ChunkingStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["structure"] = ChunkingStrategy.Structure,
        ["sentence"] = ChunkingStrategy.Sentence,
        ["fixed"] = ChunkingStrategy.Fixed,
        ["whole"] = ChunkingStrategy.Whole,
        ["parent-child"] = ChunkingStrategy.ParentChild,
    };

    private readonly Option<string?> strategy = new("--chunking") { Description = "By what documents are cut: structure (headings, blocks, sentences), sentence, fixed, whole, or parent-child (small chunks searched, larger ones quoted).", HelpName = "STRATEGY" };
    private readonly Option<int?> maxTokens = Tokens("--chunk-tokens", "In a chunk at most, by the embedding model's tokens.", LeastTokens, MostTokens);
    private readonly Option<int?> overlap = Tokens("--chunk-overlap", "Tokens that a chunk may repeat of the one before, up to half a chunk.", 0, MostTokens / 2);
    private readonly Option<int?> parentTokens = Tokens("--parent-tokens", "With parent-child, tokens at most in what is quoted.", LeastTokens, MostTokens);

    /// <summary>By which a command knows that it was given one.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--chunking", "--chunk-tokens", "--chunk-overlap", "--parent-tokens"];

    public ChunkingOptions(Command command)
    {
        strategy.AcceptOnlyFromAmong([.. Strategies.Keys]);
        foreach (var option in (Option[])[strategy, maxTokens, overlap, parentTokens])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The settings as these options change them. Another strategy begins with its own sizes. Null where there is nothing to say.</summary>
    public ChunkingSettings? Change(ChunkingSettings? settings, ParseResult parsed)
    {
        var changed = parsed.GetValue(strategy) is { } name && Strategies[name] != settings?.Strategy ? new ChunkingSettings(Strategies[name]) : settings ?? new();
        changed = changed with
        {
            MaxTokens = parsed.GetValue(maxTokens) ?? changed.MaxTokens,
            OverlapTokens = parsed.GetValue(overlap) ?? changed.OverlapTokens,
            ParentTokens = parsed.GetValue(parentTokens) ?? changed.ParentTokens,
        };
        return changed == new ChunkingSettings() ? null : changed;
    }

    /// <summary>"parent-child, 100 tokens, 32 repeated, quoted in 600".</summary>
    public static string Describe(ChunkingSettings settings) => string.Join(", ", new[]
    {
        Strategies.FirstOrDefault(pair => pair.Value == settings.Strategy).Key ?? "structure",
        settings.MaxTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $"{settings.MaxTokens} tokens") : "",
        settings.OverlapTokens is { } repeated ? string.Create(CultureInfo.InvariantCulture, $"{repeated} repeated") : "",
        settings.ParentTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $"quoted in {settings.ParentTokens}") : "",
    }.Where(part => part.Length > 0));

    private static Option<int?> Tokens(string name, string description, int lowest, int highest)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && (value < lowest || value > highest))
            {
                result.AddError($"{name} is {token.Value}; it must be {lowest} to {highest}.");
            }
        });
        return option;
    }
}
