using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

internal static class PortChoice
{
    private const int Attempts = 100;

    /// <summary>The port, or the next free one after it, and then a line that says so.</summary>
    /// <param name="what">Who listens there, to begin the line with; null to say nothing.</param>
    public static int FreeFrom(Session session, int preferred, string? what)
    {
        for (var port = preferred; port < preferred + Attempts; port++)
        {
            if (!LoopbackPorts.IsFree(port))
            {
                continue;
            }

            if (port != preferred && what is not null)
            {
                session.Note($"{what} listens on port {port}, because {preferred} is taken.");
            }

            return port;
        }

        throw new CommandException($"All ports from {preferred} to {preferred + Attempts - 1} are taken.", "End what listens there, or name another port.");
    }
}
