using System.CommandLine;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--fusion, --vector-weight, --rerank and --rerank-candidates, of searches and of collections.</summary>
internal sealed class RankingOptions
{
    private static readonly Dictionary<string, FusionMethod> Methods = new(StringComparer.Ordinal)
    {
        ["min-max"] = FusionMethod.MinMax,
        ["rrf"] = FusionMethod.ReciprocalRank,
        ["lexical"] = FusionMethod.Lexical,
        ["vector"] = FusionMethod.Vector,
    };

    private readonly Option<string?> fusion = new("--fusion") { Description = "How words (BM25) and meaning (vectors) become one ranking: min-max, rrf, or one of them alone: lexical, vector.", HelpName = "METHOD" };
    private readonly Option<double?> weight = Fraction("--vector-weight", "The share of meaning, 0 (words alone) to 1 (meaning alone).");

    private readonly Option<string?> rerank = new("--rerank") { Description = "A reranker, which reads the best passages with the query and orders them anew; \"none\" for none.", HelpName = "MODEL" };
    private readonly Option<int> rerankCandidates = new("--rerank-candidates") { Description = "How many passages the reranker reads, up to 256. [default: 50]", HelpName = "N" };

    /// <summary>The options that say how to rank, by which a command knows that it was given one.</summary>
    public static IReadOnlyList<string> Names { get; } = ["--fusion", "--vector-weight", "--rerank", "--rerank-candidates"];

    public RankingOptions(Command command)
    {
        fusion.AcceptOnlyFromAmong([.. Methods.Keys]);
        command.Options.Add(fusion);
        command.Options.Add(weight);
        command.Options.Add(rerank);
        command.Options.Add(rerankCandidates);
    }

    /// <summary>Unspecified when it is not given.</summary>
    public FusionMethod Fusion(ParseResult parsed) => parsed.GetValue(fusion) is { } name ? Methods[name] : FusionMethod.Unspecified;

    public double? VectorWeight(ParseResult parsed) => parsed.GetValue(weight);

    /// <summary>Empty for none; null when it is not given.</summary>
    public string? RerankModel(ParseResult parsed) => parsed.GetValue(rerank) is var name && name == "none" ? "" : name;

    /// <summary>0 when it is not given.</summary>
    public int RerankCandidates(ParseResult parsed) => parsed.GetValue(rerankCandidates);

    /// <summary>The settings as these options change them.</summary>
    public CollectionSettings Change(CollectionSettings settings, ParseResult parsed) => settings with
    {
        Fusion = Fusion(parsed) is var fusionMethod && fusionMethod is FusionMethod.Unspecified ? settings.Fusion : fusionMethod,
        VectorWeight = VectorWeight(parsed) ?? settings.VectorWeight,
        RerankModel = RerankModel(parsed) ?? settings.RerankModel,
        RerankCandidates = RerankCandidates(parsed) is > 0 and var candidates ? candidates : settings.RerankCandidates,
    };

    public static string Name(FusionMethod method) => Methods.FirstOrDefault(pair => pair.Value == method).Key ?? "the default";

    /// <summary>An option that takes 0 to 1.</summary>
    public static Option<double?> Fraction(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "0..1" };
        option.Validators.Add(result =>
        {
            // What is no number has been refused already.
            if (result.Tokens is [var token, ..] && double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var value) && !(value is >= 0 and <= 1))
            {
                result.AddError($"{name} is {token.Value}; it must be 0 to 1.");
            }
        });
        return option;
    }
}
