using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class StatusCommand
{
    public static Command Create(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("status", "Shows how the platform is: its mode, its services' health, its documents by state.", "rag status", "rag status --json")
        {
            json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            PlatformStatus told;
            try
            {
                told = await platform.Client.GetStatusAsync(cancellationToken);
            }
            catch (RagException failure) when (failure.Code == RagCommandLine.UnreachableCode && platform.Run is { Ready: false })
            {
                throw ConnectionOptions.StillStarting();
            }

            var status = new StatusJson(
                platform.Run?.Mode ?? "remote",
                platform.Address.OriginalString,
                platform.Run?.Dashboard?.OriginalString,
                platform.Run?.Rabbitmq?.OriginalString,
                told.Version,
                told.Tenant,
                told.Services,
                told.Documents);
            if (parsed.GetValue(json))
            {
                session.WriteJson(status);
            }
            else
            {
                session.Render(status);
            }

            return status.Services.All(service => service.Healthy) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
