using System.CommandLine;
using RagPlatform.CommandLine.Commands.Models;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class ModelsCommand
{
    public static Command Create(Session session) =>
        new RagCommand(
            "models", "Lists, pulls, distils, checks and removes models. They belong to the platform, not to a tenant.", "rag models list", "rag models pull BAAI/bge-small-en-v1.5", "rag models verify --all")
        {
            ModelListing.CreateList(session),
            ModelListing.CreateShow(session),
            ModelPulling.Create(session),
            ModelDistilling.Create(session),
            ModelVerification.Create(session),
            ModelRemoval.Create(session),
        };
}
