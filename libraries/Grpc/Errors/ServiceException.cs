namespace RagPlatform.Grpc.Errors;

/// <summary>
/// A failure that callers can act on. Only these cross a service's boundary as they are; any other exception is a
/// bug and leaves as Internal without its text. Each service builds its closed set in one XErrors class.
/// </summary>
public sealed class ServiceException : Exception
{
    /// <summary>Under which the kind is in <see cref="Exception.Data"/>, which the bus passes on with a fault.</summary>
    public const string KindData = "rag.kind";

    /// <param name="kind">Decides the gRPC status.</param>
    /// <param name="code">Stable, for programs, UPPER_SNAKE_CASE (ErrorInfo.reason).</param>
    /// <param name="message">For people: names the field, the value and the limit.</param>
    public ServiceException(FailureKind kind, string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        (Kind, Code) = (kind, code);
        Data[KindData] = kind.ToString();
    }

    public FailureKind Kind { get; }

    public string Code { get; }

    /// <summary>The request's field at fault, in proto spelling; null when none is.</summary>
    public string? Field { get; init; }

    /// <summary>What to do next.</summary>
    public string? Remedy { get; init; }

    /// <summary>When a retry can help: not before this. Zero with Unavailable: the callers' clients try again by themselves.</summary>
    public TimeSpan? RetryDelay { get; init; }
}
