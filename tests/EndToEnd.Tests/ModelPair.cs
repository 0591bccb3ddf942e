using System.Text.Json.Nodes;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>Two models whose vectors have one dimension and nothing in common: MiniLM, and its first layer alone.</summary>
internal sealed class ModelPair : IDisposable
{
    public const string Small = "first-layer";
    public const string Whole = "all-layers";

    private readonly TestFolder folder = new();

    public ModelPair()
    {
        foreach (var name in new[] { Small, Whole })
        {
            foreach (var file in Directory.EnumerateFiles(RequiresModelFactAttribute.Folder, "*", SearchOption.AllDirectories))
            {
                var copy = folder.File(Path.Combine(name, Path.GetRelativePath(RequiresModelFactAttribute.Folder, file)));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        var configuration = folder.File($"{Small}/config.json");
        var json = JsonNode.Parse(File.ReadAllText(configuration))!;
        json["num_hidden_layers"] = 1;
        File.WriteAllText(configuration, json.ToJsonString());
    }

    public (string Name, string Value)[] Settings => [("Embedding__ModelsDirectory", folder.Path), ("Embedding__Model", Small)];

    public void Dispose() => folder.Dispose();
}
