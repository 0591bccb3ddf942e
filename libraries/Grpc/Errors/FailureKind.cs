namespace RagPlatform.Grpc.Errors;

/// <summary>What a caller can do about a failure; each kind is one gRPC status (see <see cref="FailureStatus"/>).</summary>
public enum FailureKind
{
    /// <summary>The request is wrong whatever the state of the system; it names the field.</summary>
    InvalidArgument,
    NotFound,
    AlreadyExists,
    /// <summary>The request is fine, the state is not: it says what must come first.</summary>
    FailedPrecondition,
    /// <summary>A quota or a capacity is used up; a retry delay says when to come back.</summary>
    ResourceExhausted,
    Unauthenticated,
    PermissionDenied,
    /// <summary>A dependency, which it names, is down or not ready yet.</summary>
    Unavailable,
    DeadlineExceeded,
}
