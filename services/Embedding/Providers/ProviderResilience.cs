using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace RagPlatform.Embedding.Providers;

/// <summary>What is done when a provider fails: up to three more tries, and a pause when most of them fail.</summary>
internal static partial class ProviderResilience
{
    private const int MaxRetries = 3;
    private const double BreakingFailureRatio = 0.5;
    private const int MinTriesToBreak = 10;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>A provider that asks for more is not waited for: the caller is told its delay.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BreakSampling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(15);

    public static ResiliencePipeline<EmbeddingsAnswer> Build(string provider, ProviderOptions options, TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder<EmbeddingsAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<EmbeddingsAnswer>
            {
                ShouldHandle = new PredicateBuilder<EmbeddingsAnswer>()
                    .Handle<TimeoutRejectedException>().Handle<TransientFailure>(failure => failure.RetryAfter is null || failure.RetryAfter <= MaxDelay),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = MaxDelay,
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransientFailure)?.RetryAfter),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<EmbeddingsAnswer>
            {
                ShouldHandle = new PredicateBuilder<EmbeddingsAnswer>().Handle<TimeoutRejectedException>().Handle<TransientFailure>(failure => !failure.IsOverload),
                FailureRatio = BreakingFailureRatio,
                MinimumThroughput = MinTriesToBreak,
                SamplingDuration = BreakSampling,
                BreakDuration = BreakDuration,
                OnOpened = arguments =>
                {
                    LogLeftAlone(logger, provider, arguments.BreakDuration.TotalSeconds, arguments.Outcome.Exception?.Message);
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(TimeSpan.FromSeconds(options.TimeoutSeconds))
            .Build();

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Provider {Provider} failed too often and is left alone for {Seconds} s: {Reason}")]
    private static partial void LogLeftAlone(ILogger logger, string provider, double seconds, string? reason);
}
