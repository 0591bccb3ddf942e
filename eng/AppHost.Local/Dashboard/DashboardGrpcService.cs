using Grpc.Core;
using RagPlatform.AppHost.Local.Dashboard.V1;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Dashboard;

/// <summary>What the dashboard asks about the resources, and the buttons it offers on them.</summary>
internal sealed class DashboardGrpcService(ResourceBoard board, ResourceLogs logs, Supervisors supervisors) : DashboardService.DashboardServiceBase
{
    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse { ApplicationName = "RagPlatform" });

    public override async Task WatchResources(
        WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context)
    {
        var isFirst = true;
        await foreach (var news in board.WatchAsync(context.CancellationToken))
        {
            var resources = news.Where(snapshot => snapshot.Kind is not ResourceKind.Tool).Select(ResourceMapping.ToProto);
            var update = isFirst
                ? new WatchResourcesUpdate { InitialData = new() { Resources = { resources } } }
                : new WatchResourcesUpdate { Changes = new() { Value = { resources.Select(resource => new WatchResourcesChange { Upsert = resource }) } } };
            isFirst = false;
            await responseStream.WriteAsync(update, context.CancellationToken);
        }
    }

    public override async Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context)
    {
        await foreach (var lines in logs[Find(request.ResourceName).Name].ReadAsync(!request.SuppressFollow, context.CancellationToken))
        {
            var update = new WatchResourceConsoleLogsUpdate();
            update.LogLines.Add(lines.Select(line => new ConsoleLogLine { LineNumber = line.Number, Text = line.Text, IsStdErr = line.IsError }));
            await responseStream.WriteAsync(update, context.CancellationToken);
        }
    }

    public override Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        var problem = Enum.TryParse<Running.ResourceCommand>(request.CommandName, ignoreCase: true, out var command)
            ? supervisors.Command(Find(request.ResourceName).Name, command)
            : $"'{request.CommandName}' is no command. Commands: start, stop, restart.";
        var response = new ResourceCommandResponse { Kind = problem is null ? ResourceCommandResponseKind.Succeeded : ResourceCommandResponseKind.Failed };
        if (problem is not null)
        {
            response.ErrorMessage = problem;
        }

        return Task.FromResult(response);
    }

    /// <summary>We never ask the user anything: the stream stays silent until the dashboard ends it.</summary>
    public override async Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream, IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            // Nothing was asked, so there is nothing to answer.
        }
    }

    private ResourceSnapshot Find(string dashboardName) =>
        board.Snapshots.FirstOrDefault(snapshot => string.Equals(ResourceMapping.DashboardName(snapshot.Name), dashboardName, StringComparison.Ordinal))
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no resource '{dashboardName}'."));
}
