using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace RagPlatform.Grpc.Errors;

/// <summary>
/// The one table between our failures and gRPC status, both ways, after https://google.aip.dev/193: the status code,
/// and google.rpc.Status in the trailer "grpc-status-details-bin" with ErrorInfo, BadRequest and RetryInfo.
/// </summary>
public static class FailureStatus
{
    public const string Domain = "ragplatform";
    public const string DetailsTrailer = "grpc-status-details-bin";
    /// <summary>https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback</summary>
    private const string RetryPushbackTrailer = "grpc-retry-pushback-ms";
    private const string NeverRetry = "-1";
    private const string RemedyKey = "remedy";

    /// <summary>Of a message or remedy, either of which may quote what a caller sent. They travel in HTTP headers, of which a client takes 64 KB.</summary>
    private const int MaxTextCharacters = 2048;

    private const string Cut = "...";

    private static readonly FrozenDictionary<FailureKind, StatusCode> Table = new Dictionary<FailureKind, StatusCode>
    {
        [FailureKind.InvalidArgument] = StatusCode.InvalidArgument,
        [FailureKind.NotFound] = StatusCode.NotFound,
        [FailureKind.AlreadyExists] = StatusCode.AlreadyExists,
        [FailureKind.FailedPrecondition] = StatusCode.FailedPrecondition,
        [FailureKind.ResourceExhausted] = StatusCode.ResourceExhausted,
        [FailureKind.Unauthenticated] = StatusCode.Unauthenticated,
        [FailureKind.PermissionDenied] = StatusCode.PermissionDenied,
        [FailureKind.Unavailable] = StatusCode.Unavailable,
        [FailureKind.DeadlineExceeded] = StatusCode.DeadlineExceeded,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<StatusCode, FailureKind> Inverse =
        Table.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static RpcException ToRpcException(this ServiceException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var (code, message) = (Table[failure.Kind], Shorten(failure.Message));
        var info = new ErrorInfo { Reason = failure.Code, Domain = Domain };
        if (failure.Remedy is not null)
        {
            info.Metadata[RemedyKey] = Shorten(failure.Remedy);
        }

        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
        if (failure.Field is not null)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { new BadRequest.Types.FieldViolation { Field = failure.Field, Description = message } },
            }));
        }

        if (failure.RetryDelay is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        var trailers = new Metadata { { DetailsTrailer, status.ToByteArray() } };
        if (failure.Kind is FailureKind.Unavailable && failure.RetryDelay != TimeSpan.Zero)
        {
            // A service that answers has been reached. Were every service on the way to call again, the tries would
            // multiply; only who meets the failure first tries again, and the caller when RetryDelay has passed.
            // A delay of zero asks for the opposite: the very next try should work.
            trailers.Add(RetryPushbackTrailer, NeverRetry);
        }

        return new RpcException(new Status(code, message), trailers);
    }

    /// <summary>The failure that one of our services sent, or null when the exception did not come from one of them.</summary>
    public static ServiceException? FromRpcException(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(DetailsTrailer) is not { } bytes || !Inverse.TryGetValue(exception.StatusCode, out var kind))
        {
            return null;
        }

        Google.Rpc.Status status;
        try
        {
            status = Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        var info = Unpack<ErrorInfo>(status);
        if (info is not { Domain: Domain })
        {
            return null;
        }

        return new ServiceException(kind, info.Reason, status.Message, exception)
        {
            Remedy = info.Metadata.TryGetValue(RemedyKey, out var remedy) ? remedy : null,
            Field = Unpack<BadRequest>(status)?.FieldViolations.FirstOrDefault()?.Field,
            RetryDelay = Unpack<RetryInfo>(status)?.RetryDelay?.ToTimeSpan(),
        };
    }

    private static string Shorten(string text)
    {
        if (text.Length <= MaxTextCharacters)
        {
            return text;
        }

        var end = MaxTextCharacters - Cut.Length;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), Cut);
    }

    private static T? Unpack<T>(Google.Rpc.Status status)
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
