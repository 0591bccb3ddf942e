using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Doctor;

/// <summary>Looks at everything that may be wrong with a running platform, one thing after the other.</summary>
/// <param name="client">Talks to the platform.</param>
/// <param name="localData">Where a platform on this machine keeps its data; null for one elsewhere.</param>
/// <param name="commandName">How the user calls this program.</param>
internal sealed class Examination(RagClient client, string? localData, string commandName)
{
    private const long LowDiskBytes = 2_000_000_000;
    private const int ExampleFailures = 3;

    /// <param name="collection">To compare; all when empty.</param>
    /// <param name="repair">Whether differences are mended.</param>
    /// <param name="report">Told of progress.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<Finding> RunAsync(
        string collection, bool repair, Action<string> report, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        report("Asking the services");
        var status = await client.GetStatusAsync(cancellationToken);
        foreach (var service in status.Services)
        {
            yield return service.Healthy
                ? new Finding(FindingSeverity.Good, service.Service, "ready")
                : new Finding(FindingSeverity.Bad, service.Service, service.Detail, $"See its log: {commandName} status; the dashboard shows it too.");
        }

        foreach (var finding in Machine())
        {
            yield return finding;
        }

        report("Looking at models and collections");
        var models = await client.ListModelsAsync(cancellationToken);
        yield return Default(models);
        foreach (var each in await client.ListCollectionsAsync(cancellationToken))
        {
            yield return Judge(each, models);
        }

        report("Looking at documents");
        yield return await DocumentsAsync(status, cancellationToken);
        yield return await ConsistencyAsync(collection, repair, report, cancellationToken);
    }

    private IEnumerable<Finding> Machine()
    {
        if (localData is null)
        {
            yield break;
        }

        var free = new DriveInfo(localData).AvailableFreeSpace;
        yield return free >= LowDiskBytes
            ? new Finding(FindingSeverity.Good, "disk", $"{ProgressLine.Size(free)} free under {localData}")
            : new Finding(FindingSeverity.Bad, "disk", $"{ProgressLine.Size(free)} free under {localData}", "Make room: a full disk stops every write.");

        var hasPdf = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && (File.Exists(Path.Combine(folder, "pdftotext")) || File.Exists(Path.Combine(folder, "pdftotext.exe"))));
        yield return hasPdf
            ? new Finding(FindingSeverity.Good, "pdf", "pdftotext is there")
            : new Finding(FindingSeverity.Warning, "pdf", "pdftotext is not installed: PDF documents fail", "Install poppler-utils, for example: apt install poppler-utils");
    }

    private static Finding Default(IReadOnlyList<Model> models)
    {
        var model = models.FirstOrDefault(model => model is { IsDefault: true, Dimension: > 0 } or { IsDefault: true, Kind: "encoder" });
        return model switch
        {
            null => new Finding(FindingSeverity.Bad, "models", "there is no default embedding model", "See: rag models list"),
            { State: "ready" or "remote" } => new Finding(FindingSeverity.Good, "models", $"{model.Id} is {model.State}"),
            _ => new Finding(FindingSeverity.Bad, "models", $"{model.Id} is {model.State}{(model.Detail.Length > 0 ? $": {model.Detail}" : "")}", $"rag models pull {model.Id}"),
        };
    }

    private static Finding Judge(Collection collection, IReadOnlyList<Model> models)
    {
        var subject = $"collection {collection.Name}";
        var model = models.FirstOrDefault(model => model.Id == collection.Model);
        return collection switch
        {
            { Health: CollectionHealth.Unavailable } => new Finding(FindingSeverity.Bad, subject, collection.HealthDetail, "It is tried again by itself; see the retrieval service's log."),
            { Health: CollectionHealth.Repairing } => new Finding(FindingSeverity.Warning, subject, collection.HealthDetail, "It mends itself; look again later."),
            { Model.Length: > 0 } when model is null or { State: not ("ready" or "remote") } => new Finding(
                FindingSeverity.Bad, subject, $"its model {collection.Model} is {model?.State ?? "unknown"}", $"rag models pull {collection.Model}, or rag collections rebuild {collection.Name} --model MODEL"),
            { Build: { State: BuildState.Failed } build } => new Finding(FindingSeverity.Warning, subject, $"its last build failed: {build.Failure}", $"rag collections rebuild {collection.Name}"),
            _ => new Finding(FindingSeverity.Good, subject, $"{Rendering.Count(collection.DocumentCount, "document")}, {Rendering.Count(collection.ChunkCount, "chunk")}"),
        };
    }

    private async Task<Finding> DocumentsAsync(PlatformStatus status, CancellationToken cancellationToken)
    {
        var failed = status.Documents.GetValueOrDefault(DocumentState.Failed);
        var underWay = status.Documents.Where(count => count.Key is not (DocumentState.Indexed or DocumentState.Failed or DocumentState.Deleted)).Sum(count => count.Value);
        if (failed == 0)
        {
            return new Finding(FindingSeverity.Good, "documents", $"{status.Documents.GetValueOrDefault(DocumentState.Indexed):N0} indexed, {underWay:N0} under way, none failed");
        }

        var examples = await client.ListDocumentsPageAsync("", DocumentState.Failed, ExampleFailures, pageToken: null, cancellationToken);
        var reasons = examples.Documents.Select(document => $"{document.Collection}/{document.Id}: {document.Failure?.Reason}");
        return new Finding(FindingSeverity.Warning, "documents", $"{Rendering.Count(failed, "document")} failed, such as {string.Join("; ", reasons)}", $"{commandName} documents list --state failed");
    }

    private async Task<Finding> ConsistencyAsync(string collection, bool repair, Action<string> report, CancellationToken cancellationToken)
    {
        ConsistencyProgress? last = null;
        var told = new List<ConsistencyDifference>();
        await foreach (var progress in client.CheckConsistencyAsync(collection, repair, cancellationToken))
        {
            last = progress;
            report($"Comparing the registry with the index: {progress.CheckedDocuments:N0} of {progress.TotalDocuments:N0} documents");
            if (progress.Difference is { } difference && told.Count < ExampleFailures)
            {
                told.Add(difference);
            }
        }

        var (documents, differences, repaired) = (last?.CheckedDocuments ?? 0, last?.Differences ?? 0, last?.Repaired ?? 0);
        var shown = string.Join("; ", told.Select(difference => $"{difference.Collection}/{difference.DocumentId}: {difference.Detail}"));
        return (differences, repair) switch
        {
            (0, _) => new Finding(FindingSeverity.Good, "consistency", $"registry and index agree on {Rendering.Count(documents, "document")}"),
            (_, true) when repaired == differences => new Finding(FindingSeverity.Warning, "consistency", $"{Rendering.Count(differences, "difference")} mended: {shown}", $"{commandName} doctor, to see that none is left"),
            (_, true) => new Finding(FindingSeverity.Bad, "consistency", $"{repaired:N0} of {Rendering.Count(differences, "difference")} mended: {shown}", $"{commandName} doctor --repair, once more"),
            _ => new Finding(FindingSeverity.Bad, "consistency", $"{Rendering.Count(differences, "difference")}: {shown}", $"{commandName} doctor --repair"),
        };
    }
}
