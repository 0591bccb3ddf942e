using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace RagPlatform.Gateway;

/// <summary>Every instrument of the gateway. Its spans are ASP.NET Core's and the clients' own.</summary>
internal sealed class GatewayTelemetry
{
    public const string Name = "RagPlatform.Gateway";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;

    public GatewayTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _requests = meter.CreateCounter<long>("rag.gateway.requests", "{request}", "Calls that ended, by method, status and tenant");
        _duration = meter.CreateHistogram<double>("rag.gateway.request.duration", "s", "Time of a call, by method and status");
        _active = meter.CreateUpDownCounter<long>("rag.gateway.requests.active", "{request}", "Calls in work, by method");
    }

    public void Started(string method) => _active.Add(1, new KeyValuePair<string, object?>("rpc.method", method));

    /// <param name="method">Such as "Ask".</param>
    /// <param name="status">How it ended.</param>
    /// <param name="tenant">Null when the caller had none.</param>
    /// <param name="duration">From the call's arrival.</param>
    public void Ended(string method, StatusCode status, string? tenant, TimeSpan duration)
    {
        var byMethod = new KeyValuePair<string, object?>("rpc.method", method);
        var byStatus = new KeyValuePair<string, object?>("rpc.grpc.status_code", (int)status);
        _active.Add(-1, byMethod);
        _requests.Add(1, byMethod, byStatus, new KeyValuePair<string, object?>("rag.tenant", tenant ?? "none"));
        _duration.Record(duration.TotalSeconds, byMethod, byStatus);
    }

    public static void TagSpan(string tenant) => Activity.Current?.SetTag("rag.tenant", tenant);
}
