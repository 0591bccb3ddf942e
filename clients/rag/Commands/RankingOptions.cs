using System.CommandLine;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--fusion and --vector-weight, of searches and of collections.</summary>
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

    public RankingOptions(Command command)
    {
        fusion.AcceptOnlyFromAmong([.. Methods.Keys]);
        command.Options.Add(fusion);
        command.Options.Add(weight);
    }

    /// <summary>Unspecified when it is not given.</summary>
    public FusionMethod Fusion(ParseResult parsed) => parsed.GetValue(fusion) is { } name ? Methods[name] : FusionMethod.Unspecified;

    public double? VectorWeight(ParseResult parsed) => parsed.GetValue(weight);

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
