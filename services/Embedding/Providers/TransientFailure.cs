using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Providers;

/// <summary>A try that failed, where another may not.</summary>
/// <param name="failure">What the caller is told when there is no other try.</param>
/// <param name="retryAfter">When the provider wants to be asked again, where it says so.</param>
/// <param name="isOverload">The provider works and limits the rate.</param>
internal sealed class TransientFailure(ServiceException failure, TimeSpan? retryAfter, bool isOverload) : Exception(failure.Message, failure)
{
    public ServiceException Failure => failure;

    public TimeSpan? RetryAfter => retryAfter;

    public bool IsOverload => isOverload;
}
