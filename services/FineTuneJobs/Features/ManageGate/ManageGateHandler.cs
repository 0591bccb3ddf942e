using RagPlatform.Contracts;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Adapters.Gates;

namespace RagPlatform.FineTuneJobs.Features.ManageGate;

/// <summary>The limits that a project's adapters are judged by.</summary>
internal sealed class ManageGateHandler(GateSettings gates)
{
    private const string DefaultProject = "default";

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument.</exception>
    public (string Project, IReadOnlyDictionary<string, double> Limits) Get(string tenant, string project)
    {
        var named = NameOf(project, "project");
        return (named, gates.Get(tenant, named));
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the limit, the value and the range.</exception>
    public async Task<(string Project, IReadOnlyDictionary<string, double> Limits)> SetAsync(
        string tenant, string project, IReadOnlyDictionary<string, double> limits, CancellationToken cancellationToken)
    {
        var named = NameOf(project, "gate.project");
        await gates.SetAsync(tenant, named, limits, cancellationToken);
        return (named, gates.Get(tenant, named));
    }

    private static string NameOf(string project, string field) =>
        project.Length == 0 ? DefaultProject
            : Names.IsCollection(project) ? project
            : throw AdapterErrors.Invalid("PROJECT_INVALID", field, $"'{(project.Length <= 80 ? project : project[..80])}' is no project's name.", $"Use {Names.NamePattern}.");
}
