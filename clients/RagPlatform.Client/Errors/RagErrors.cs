using System.Text.Json;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace RagPlatform.Client;

/// <summary>From gRPC's failures to ours, after https://google.aip.dev/193.</summary>
internal static class RagErrors
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    public static Exception Translate(RpcException exception, Uri address, CancellationToken cancellationToken)
    {
        if (exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException("The call was cancelled.", exception, cancellationToken);
        }

        if (Details(exception) is { } status && Find<ErrorInfo>(status) is { } info)
        {
            return new RagException(exception.StatusCode, info.Reason, status.Message, exception)
            {
                Field = Find<BadRequest>(status)?.FieldViolations.FirstOrDefault()?.Field,
                Remedy = info.Metadata.TryGetValue("remedy", out var remedy) ? remedy : null,
                RetryAfter = Find<RetryInfo>(status)?.RetryDelay?.ToTimeSpan(),
            };
        }

        return exception.StatusCode switch
        {
            StatusCode.Unavailable => new RagException(StatusCode.Unavailable, "GATEWAY_UNREACHABLE", $"No gateway answers at {address}.", exception)
            {
                Remedy = "Start it (rag up), or check the address.",
            },
            StatusCode.DeadlineExceeded => new RagException(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", $"{address} did not answer in time.", exception)
            {
                Remedy = "Try again, or give the call a longer timeout.",
            },
            StatusCode.ResourceExhausted => new RagException(StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", exception.Status.Detail, exception)
            {
                Remedy = "Send less in one call; UploadDocumentAsync takes large documents.",
            },
            _ => new RagException(exception.StatusCode, CodeOf(exception.StatusCode), exception.Status.Detail, exception),
        };
    }

    /// <summary>FailedPrecondition to "FAILED_PRECONDITION".</summary>
    private static string CodeOf(StatusCode status) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(status.ToString());

    private static Google.Rpc.Status? Details(RpcException exception)
    {
        try
        {
            return exception.Trailers.GetValueBytes(DetailsTrailer) is { } bytes ? Google.Rpc.Status.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static T? Find<T>(Google.Rpc.Status status)
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<T>(out var message))
            {
                return message;
            }
        }

        return null;
    }
}
