using System.Globalization;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>What is dropped, and what embeds it.</summary>
/// <param name="Documents">A file of JSON lines {id, title, contentType, text}, gzipped.</param>
/// <param name="Model">A folder in Hugging Face layout, of the BERT family.</param>
/// <param name="Count">Documents taken from the file, evenly spread; all when 0.</param>
/// <param name="IsTrivial">A table of random numbers, with the model's tokenizer and dimension, takes its place: embedding costs next to nothing.</param>
internal sealed record IngestPlan(string Documents, Uri Broker, string Model, int Count, bool IsTrivial)
{
    public const string Collection = "bench-ingest";
    public const string Tenant = "default";

    /// <summary>Under which all documents are dropped, so that the platform tells how long they will take.</summary>
    public const string Batch = "bench-ingest";

    /// <param name="args">DOCUMENTS AMQP MODEL [--documents N] [--trivial].</param>
    public static IngestPlan Of(ReadOnlySpan<string> args)
    {
        var plan = new IngestPlan(args[0], new Uri(args[1]), Path.TrimEndingDirectorySeparator(Path.GetFullPath(args[2])), 0, IsTrivial: false);
        for (var i = 3; i < args.Length; i++)
        {
            plan = args[i] switch
            {
                "--trivial" => plan with { IsTrivial = true },
                "--documents" when i + 1 < args.Length => plan with { Count = int.Parse(args[++i], CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException($"'{args[i]}' is none of --documents N and --trivial.", nameof(args)),
            };
        }

        return plan;
    }
}
