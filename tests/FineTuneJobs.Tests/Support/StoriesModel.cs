using System.Text.Json;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Tests.Decoding;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>A real decoder of 260,000 parameters on disk, and conversations for it.</summary>
internal static class StoriesModel
{
    public const string Name = "stories260K";

    /// <param name="dataFolder">Of the host.</param>
    public static void Write(string dataFolder)
    {
        var source = StoriesFolder.Read(Path.Combine(AppContext.BaseDirectory, "Reference", Name));
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "models", Name)).FullName;
        foreach (var file in new[] { "config.json", "model.safetensors", "tokenizer.json" })
        {
            using var target = File.Create(Path.Combine(folder, file));
            using var stream = source.Open(file);
            stream.CopyTo(target);
        }
    }

    public static string Chats(int count, int seed) => string.Concat(GeneratedChats.Make(count, seed).Select(chat =>
        JsonSerializer.Serialize(new { messages = chat.Messages.Select(turn => new { role = turn.Role, content = turn.Content }) }) + "\n"));

    public static JobSpec Spec(string dataset, int epochs) => new()
    {
        Method = TrainingMethod.Decoder,
        BaseModel = Name,
        Data = new DatasetUse { TrainingDataset = dataset },
        Seed = 6,
        HyperParameters =
        {
            ["epochs"] = $"{epochs}", ["lora_rank"] = "4", ["lora_dropout"] = "0.1", ["learning_rate"] = "0.005", ["batch_size"] = "4", ["checkpoint_every_steps"] = "5", ["evaluation_examples"] = "4",
        },
    };
}
