using System.Diagnostics;
using Grpc.Core;
using OpenTelemetry;

namespace RagPlatform.ServiceDefaults;

/// <summary>
/// Makes spans read well: gRPC spans are named "Service/Method" and carry rpc.* (OpenTelemetry's RPC conventions),
/// a gRPC failure sets the span's status (on the server's side only one that is not the caller's fault), and health and
/// reflection calls are left out of traces. Messages are named without their namespace, which MassTransit's own tags still hold.
/// </summary>
internal sealed class SpanNaming : BaseProcessor<Activity>
{
    private const string GrpcStatus = "grpc.status_code";
    private const string Destination = "messaging.destination.name";

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == "MassTransit")
        {
            NameMessage(data);
            return;
        }

        var path = data.GetTagItem("url.path") as string ?? data.GetTagItem("grpc.method") as string ?? PathOfUrl(data);
        if (path is null)
        {
            return;
        }

        if (path is "/health" or "/alive" || path.StartsWith("/grpc.", StringComparison.Ordinal))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        if (!IsGrpc(data, path))
        {
            return;
        }

        var method = path.AsSpan(path.LastIndexOf('/') + 1).ToString();
        var service = path[1..path.LastIndexOf('/')];
        data.DisplayName = $"{service.AsSpan(service.LastIndexOf('.') + 1)}/{method}";
        data.SetTag("rpc.system", "grpc");
        data.SetTag("rpc.service", service);
        data.SetTag("rpc.method", method);
        if (data.GetTagItem(GrpcStatus) is { } value && int.TryParse(value.ToString(), out var status))
        {
            data.SetTag("rpc.grpc.status_code", status);
            if (IsFailure((StatusCode)status, data.Kind))
            {
                data.SetStatus(ActivityStatusCode.Error, $"gRPC status {(StatusCode)status}");
            }
        }
    }

    /// <summary>https://opentelemetry.io/docs/specs/semconv/rpc/grpc/: which codes are an error for which side.</summary>
    private static bool IsFailure(StatusCode status, ActivityKind side) => side is ActivityKind.Server
        ? status is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss
        : status is not StatusCode.OK;

    /// <summary>"RagPlatform.Contracts.Ingestion:ChunksPrepared" becomes "ChunksPrepared"; queues' names have no colon.</summary>
    private static void NameMessage(Activity span)
    {
        if (span.GetTagItem(Destination) is string destination && destination.LastIndexOf(':') is >= 0 and var colon)
        {
            var message = destination[(colon + 1)..];
            span.DisplayName = span.DisplayName.Replace(destination, message, StringComparison.Ordinal);
            span.SetTag(Destination, message);
        }
    }

    private static bool IsGrpc(Activity span, string path) =>
        path.Count(character => character == '/') == 2
        && (span.GetTagItem(GrpcStatus) is not null || span.GetTagItem("grpc.method") is not null || path.StartsWith("/ragplatform.", StringComparison.Ordinal));

    private static string? PathOfUrl(Activity span) =>
        span.GetTagItem("url.full") is string url && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsolutePath : null;
}
