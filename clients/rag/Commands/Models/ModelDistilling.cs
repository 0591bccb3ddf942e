using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Models;

/// <summary>Makes a static model for a collection.</summary>
internal static class ModelDistilling
{
    public static RagCommand Create(Session session)
    {
        var model = new Argument<string>("model") { Description = "The encoder to distil, such as all-MiniLM-L6-v2." };
        var collection = new Option<string>("--collection", "-c") { Description = "Whose passages the new model is to fit.", HelpName = "NAME", Required = true };
        var name = new Option<string>("--name", "--as") { Description = "What the new model is called. [default: MODEL-for-COLLECTION]", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var chunks = new Option<int>("--chunks") { Description = "How many chunks it learns from at most, 1 to 50,000, of documents chosen at random.", DefaultValueFactory = _ => 20_000 };
        var command = new RagCommand(
            "distill",
            "Makes a static model that fits a collection: passages cost a hundredth of the encoder's time, questions are read by the encoder. Ctrl-C leaves nothing behind.",
            "rag models distill all-MiniLM-L6-v2 --collection docs", "rag models distill all-MiniLM-L6-v2 --collection docs --name docs-static --chunks 50000")
        {
            model, collection, name, chunks,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var distillation = new ModelDistillation
            {
                Model = parsed.GetValue(model)!,
                Collection = parsed.GetValue(collection)!,
                Name = parsed.GetValue(name) is { Length: > 0 } given ? given : $"{parsed.GetValue(model)}-for-{parsed.GetValue(collection)}",
                MaxChunks = parsed.GetValue(chunks),
            };
            await session.ShowAsync("Distilling the model.", report => ModelDistill.RunAsync(platform.Client, distillation, report, TimeProvider.System, cancellationToken));
            session.Out.WriteLine($"{distillation.Name} is ready. To use it: rag collections rebuild {distillation.Collection} --model {distillation.Name}");
            return ExitCode.Ok;
        });
        return command;
    }
}
