using System.Globalization;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>How much is done to whom, for how long. The seed decides what and when, not how the machine takes it.</summary>
/// <param name="Model">A folder in Hugging Face layout, whose tokenizer a table of random numbers takes.</param>
/// <param name="DiskMebibytes">Of the small disk that is filled now and then.</param>
internal sealed record ChaosPlan(string Model, int Documents, TimeSpan Duration, int Seed, int DiskMebibytes = 768)
{
    public const string Collection = "chaos";
    public const string Tenant = "default";

    /// <param name="args">MODEL [--documents N] [--minutes N] [--seed N].</param>
    public static ChaosPlan Of(ReadOnlySpan<string> args)
    {
        var plan = new ChaosPlan(Path.TrimEndingDirectorySeparator(Path.GetFullPath(args[0])), 5000, TimeSpan.FromMinutes(10), Seed: 5);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            var number = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            plan = args[i] switch
            {
                "--documents" => plan with { Documents = number },
                "--minutes" => plan with { Duration = TimeSpan.FromMinutes(number) },
                "--seed" => plan with { Seed = number },
                _ => throw new ArgumentException($"'{args[i]}' is none of --documents, --minutes and --seed.", nameof(args)),
            };
        }

        return plan;
    }
}
