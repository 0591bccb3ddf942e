using System.Globalization;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>What is swapped for what.</summary>
/// <param name="Documents">A file of documents as JSON lines {id, title, contentType, text}, gzipped.</param>
/// <param name="Model">A folder in Hugging Face layout, of the BERT family.</param>
/// <param name="Count">Documents taken from the file; all when 0.</param>
/// <param name="Layers">Of the first model.</param>
/// <param name="LayersAfter">Of the second; 0 when only the chunking changes.</param>
/// <param name="ChunkTokens">Of the second index's chunks at most; 0 when only the model changes.</param>
internal sealed record SwapPlan(string Documents, Uri Broker, string Model, int Count, int Layers, int LayersAfter, int ChunkTokens)
{
    private const string Chunks = "chunks:";

    public static SwapPlan Of(string[] args)
    {
        var after = args.Length > 5 ? args[5] : "1";
        var isChunking = after.StartsWith(Chunks, StringComparison.Ordinal);
        return new SwapPlan(
            args[0], new Uri(args[1]), args[2], args.Length > 3 ? Number(args[3]) : 0, args.Length > 4 ? Number(args[4]) : 2,
            isChunking ? 0 : Number(after), isChunking ? Number(after[Chunks.Length..]) : 0);
    }

    public string Before => Name(Layers);

    public string After => LayersAfter == 0 ? Before : Name(LayersAfter);

    /// <summary>Writes both models into a folder of models.</summary>
    public void WriteModels(string folder)
    {
        foreach (var layers in new[] { Layers, LayersAfter }.Where(layers => layers > 0).Distinct())
        {
            var target = Path.Combine(folder, Name(layers));
            foreach (var file in Directory.EnumerateFiles(Model, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(target, Path.GetRelativePath(Model, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            var configuration = Path.Combine(target, "config.json");
            var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(configuration))!;
            json["num_hidden_layers"] = layers;
            File.WriteAllText(configuration, json.ToJsonString());
        }
    }

    private static string Name(int layers) => $"first-{layers}-layers";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
