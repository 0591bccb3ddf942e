using System.CommandLine;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class DownCommand
{
    public static Command Create(Session session)
    {
        var command = new RagCommand("down", "Stops the platform and everything that was started with it. Its data stays.", "rag down");
        command.SetAction(async (_, cancellationToken) =>
        {
            var stopped = await session.ShowAsync("Stopping the platform.", report => PlatformStop.StopAsync(Checkout.Find(session), report, cancellationToken));
            session.Out.WriteLine(stopped ? "The platform has stopped." : "The platform is not running.");
            return ExitCode.Ok;
        });
        return command;
    }
}
