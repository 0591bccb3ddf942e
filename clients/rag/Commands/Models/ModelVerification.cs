using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Models;

/// <summary>verify.</summary>
internal static class ModelVerification
{
    public static RagCommand Create(Session session)
    {
        var model = ModelListing.ModelArgument("The model; the default embedding model when left out.");
        var all = new Option<bool>("--all") { Description = "Every model whose files are there." };
        var json = OutputOptions.Json();
        var command = new RagCommand("verify", "Reads every file of a model again and compares it with its pin. Fails when one differs or is missing.", "rag models verify", "rag models verify bge-small-en-v1.5", "rag models verify --all --json")
        {
            model, all, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetValue(model) is { Length: > 0 })
            {
                result.AddError("Give a model or --all, not both.");
            }
        });
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var checks = await session.ShowAsync(
                "Reading the models' files.", report => ReadAsync(session, platform.Client, parsed.GetValue(model)!, parsed.GetValue(all), report, cancellationToken));
            if (parsed.GetValue(json))
            {
                session.WriteJson(checks.Select(check => new ModelCheckJson(check.Model, check.File, check.Result, check.Expected, check.Actual, check.Remedy)));
            }
            else
            {
                session.Render(checks);
            }

            return checks.Any(check => check.Result is ModelFileResult.Different or ModelFileResult.Missing) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<IReadOnlyList<ModelCheck>> ReadAsync(Session session, RagClient client, string model, bool all, Action<string> report, CancellationToken cancellationToken)
    {
        var transfer = new Transfer(session.ErrIsTerminal, TimeProvider.System);
        var checks = new List<ModelCheck>();
        await foreach (var step in client.VerifyModelAsync(model, all, cancellationToken))
        {
            report(PlainText.Of($"{step.Model}: reading {step.File} {transfer.Describe(step.DoneBytes, step.TotalBytes)}"));
            if (step.Result is not ModelFileResult.Reading)
            {
                checks.Add(step);
            }
        }

        return checks;
    }
}
