using Grpc.Core;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.GetAdapter;
using RagPlatform.FineTuneJobs.Features.GetDrift;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs;

/// <summary>The RPCs of adapters.</summary>
internal sealed partial class FineTuneJobsGrpcService
{
    private const string CallerHeader = "rag-caller";
    private const int MaxCallerCharacters = 200;

    public override Task<GetAdapterResponse> GetAdapter(GetAdapterRequest request, ServerCallContext context)
    {
        var adapter = adapters.Catalog.Get(TenantInterceptor.Tenant(context), request.Id, "id");
        return Task.FromResult(new GetAdapterResponse { Adapter = adapter.ToTerms(), Rows = { adapter.Rows.Select(row => row.ToTerms()) } });
    }

    public override Task<ListAdaptersResponse> ListAdapters(ListAdaptersRequest request, ServerCallContext context) =>
        Task.FromResult(adapters.Listing.List(TenantInterceptor.Tenant(context), request.Name, (int)request.State, request.PageSize, request.PageToken).ToResponse());

    public override Task<ListAdapterChangesResponse> ListAdapterChanges(ListAdapterChangesRequest request, ServerCallContext context) =>
        Task.FromResult(adapters.Listing.ListChanges(TenantInterceptor.Tenant(context), request.Name, request.PageSize, request.PageToken).ToResponse());

    public override async Task<EvaluateAdapterResponse> EvaluateAdapter(EvaluateAdapterRequest request, ServerCallContext context)
    {
        var (rows, gate) = await adapters.Evaluate.EvaluateAsync(ActorOf(context), request.Id, request.Dataset, context.CancellationToken);
        return new() { Rows = { rows.Select(row => row.ToTerms()) }, Gate = gate.ToTerms() };
    }

    public override async Task<PromoteAdapterResponse> PromoteAdapter(PromoteAdapterRequest request, ServerCallContext context)
    {
        var (adapter, replaced) = await adapters.Promote.PromoteAsync(ActorOf(context, request.Reason), request.Id, context.CancellationToken);
        return new() { Adapter = adapter.ToTerms(), Replaced = replaced };
    }

    public override async Task<RollBackAdapterResponse> RollBackAdapter(RollBackAdapterRequest request, ServerCallContext context)
    {
        var (adapter, replaced) = await adapters.Promote.RollBackAsync(ActorOf(context, request.Reason), request.Name, context.CancellationToken);
        return new() { Adapter = adapter.ToTerms(), Replaced = replaced };
    }

    public override async Task<RetireAdapterResponse> RetireAdapter(RetireAdapterRequest request, ServerCallContext context) =>
        new() { Adapter = (await adapters.Retire.RetireAsync(ActorOf(context, request.Reason), request.Id, context.CancellationToken)).ToTerms() };

    public override async Task<DeleteAdapterResponse> DeleteAdapter(DeleteAdapterRequest request, ServerCallContext context)
    {
        await adapters.Retire.DeleteAsync(ActorOf(context), request.Id, context.CancellationToken);
        return new();
    }

    public override Task<GetGateResponse> GetGate(GetGateRequest request, ServerCallContext context)
    {
        var (project, limits) = adapters.Gate.Get(TenantInterceptor.Tenant(context), request.Project);
        return Task.FromResult(new GetGateResponse { Gate = new Gate { Project = project, Limits = { limits.ToDictionary() } } });
    }

    public override async Task<SetGateResponse> SetGate(SetGateRequest request, ServerCallContext context)
    {
        var given = request.Gate ?? new Gate();
        var (project, limits) = await adapters.Gate.SetAsync(TenantInterceptor.Tenant(context), given.Project, given.Limits.ToDictionary(), context.CancellationToken);
        return new() { Gate = new Gate { Project = project, Limits = { limits.ToDictionary() } } };
    }

    public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context) =>
        (await adapters.Predict.PredictAsync(TenantInterceptor.Tenant(context), request.Adapter, request.Texts, context.CancellationToken)).ToResponse();

    public override async Task<GetDriftResponse> GetDrift(GetDriftRequest request, ServerCallContext context) =>
        (await adapters.Drift.GetAsync(TenantInterceptor.Tenant(context), request.Adapter, context.CancellationToken)).ToResponse();

    /// <summary>The header is for the history alone: it opens nothing.</summary>
    private static Actor ActorOf(ServerCallContext context, string reason = "")
    {
        var (tenant, caller) = (TenantInterceptor.Tenant(context), context.RequestHeaders.GetValue(CallerHeader) ?? "");
        return new Actor(tenant, caller.Length is > 0 and <= MaxCallerCharacters ? caller : tenant, reason);
    }
}
