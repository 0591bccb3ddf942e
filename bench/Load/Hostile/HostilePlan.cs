using System.Globalization;

namespace RagPlatform.Bench.Load.Hostile;

/// <param name="Folder">Of good files, of many formats; those over <see cref="MaxFileBytes"/> are left out, those of <see cref="SmallFiles"/> come to them.</param>
/// <param name="Model">A folder in Hugging Face layout, whose tokenizer a table of random numbers takes.</param>
internal sealed record HostilePlan(string Folder, Uri Broker, string Model, int Cases, int Seed)
{
    public const string Collection = "hostile";
    public const string Tenant = "default";
    public const int MaxFileBytes = 300_000;

    /// <param name="args">FOLDER AMQP MODEL [CASES] [SEED].</param>
    public static HostilePlan Of(ReadOnlySpan<string> args) => new(
        args[0], new Uri(args[1]), Path.TrimEndingDirectorySeparator(Path.GetFullPath(args[2])),
        args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 10_000,
        args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 5);

    public IReadOnlyList<HostileFile> GoodFiles() =>
    [
        .. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).Select(path => new HostileFile(Path.GetFileName(path), File.ReadAllBytes(path)))
            .Where(file => file.Content.Length <= MaxFileBytes),
        .. SmallFiles.All(),
    ];
}
