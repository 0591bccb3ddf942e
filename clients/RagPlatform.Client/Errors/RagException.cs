using Grpc.Core;

namespace RagPlatform.Client;

/// <summary>The gateway refused or failed a call, and says why and what to do.</summary>
public sealed class RagException : Exception
{
    internal RagException(StatusCode status, string code, string message, Exception innerException)
        : base(message, innerException)
    {
        Status = status;
        Code = code;
    }

    /// <summary>The kind of failure, as gRPC classes it.</summary>
    public StatusCode Status { get; }

    /// <summary>Stable, for programs, such as "DOCUMENT_NOT_FOUND"; "GATEWAY_UNREACHABLE" when there was no answer.</summary>
    public string Code { get; }

    /// <summary>The request's field at fault; null when none is.</summary>
    public string? Field { get; internal init; }

    /// <summary>What to do next; null when nothing is known.</summary>
    public string? Remedy { get; internal init; }

    /// <summary>When a retry can help: not before this.</summary>
    public TimeSpan? RetryAfter { get; internal init; }
}
