using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>
/// One streamed answer of an endpoint: tried again while nothing of it has arrived, ended after its time, and every
/// failure turned into one of ours.
/// </summary>
internal sealed partial class ChatStream(IChatClient client, OpenAIOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>More than this per token asked for is no answer any more.</summary>
    private const int MaxCharactersPerToken = 16;

    private readonly Uri endpoint = new(options.BaseUrl);

    /// <summary>Updates with text or usage, in order. Ends only after the model said that it had finished.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(IReadOnlyList<ChatMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var updates = await GuardAsync(() => OpenAsync(messages, either.Token).AsTask(), hasBegun: false, cancellationToken);
        await using (updates)
        {
            var characters = 0L;
            var hasFinished = false;
            do
            {
                var update = updates.Current;
                hasFinished |= update.FinishReason is not null;
                characters += update.Text.Length;
                if (characters > (long)options.MaxOutputTokens * MaxCharactersPerToken)
                {
                    throw GenerationErrors.EndpointBroken(endpoint, $"sent more than {options.MaxOutputTokens * MaxCharactersPerToken} characters for {options.MaxOutputTokens} tokens (Generation:OpenAI:MaxOutputTokens)");
                }

                yield return update;
            }
            while (await GuardAsync(() => updates.MoveNextAsync().AsTask(), hasBegun: true, cancellationToken));

            if (!hasFinished)
            {
                throw GenerationErrors.EndpointBroken(endpoint, "ended its answer without a finish reason");
            }
        }
    }

    /// <summary>Positioned on the first update with text or a finish reason.</summary>
    private ValueTask<IAsyncEnumerator<ChatResponseUpdate>> OpenAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken) =>
        Retry().ExecuteAsync(
            async token =>
            {
                var updates = client.GetStreamingResponseAsync(messages, new ChatOptions { MaxOutputTokens = options.MaxOutputTokens, Temperature = 0 }, token).GetAsyncEnumerator(token);
                try
                {
                    do
                    {
                        if (!await updates.MoveNextAsync())
                        {
                            throw new EndOfStreamException("The stream ended before its first token.");
                        }
                    }
                    while (updates.Current.Text.Length == 0 && updates.Current.FinishReason is null);
                    return updates;
                }
                catch
                {
                    await updates.DisposeAsync();
                    throw;
                }
            },
            cancellationToken);

    private ResiliencePipeline Retry()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        return options.MaxRetries == 0 ? ResiliencePipeline.Empty : builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(ChatFailures.IsTransient),
            MaxRetryAttempts = options.MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(5),
        }).Build();
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> step, bool hasBegun, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw GenerationErrors.EndpointTimedOut(endpoint, options.TimeoutSeconds, exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (ChatFailures.Translate(exception, endpoint, hasBegun) is { } failure)
            {
                LogFailed(logger, exception, endpoint);
                throw failure;
            }

            throw;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The model endpoint {Endpoint} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, Uri endpoint);
}
