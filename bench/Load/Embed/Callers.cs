using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Bench.Load.Embed;

/// <param name="TextsPerSecond">Embedded.</param>
/// <param name="Milliseconds">Of every call that was answered, sorted.</param>
/// <param name="Refusals">Calls refused with ResourceExhausted.</param>
/// <param name="Failures">Calls that ended in any other way.</param>
internal sealed record CallersResult(double TextsPerSecond, double[] Milliseconds, long Refusals, long Failures)
{
    public double At(double quantile) => Milliseconds.Length == 0 ? double.NaN : Milliseconds[(int)Math.Round(quantile * (Milliseconds.Length - 1))];
}

/// <summary>Callers who each wait for their answer before they call again; a refused one waits as long as it is told.</summary>
internal static class Callers
{
    private const int RetryDelayMilliseconds = 1000;

    public static async Task<CallersResult> RunAsync(EmbeddingService.EmbeddingServiceClient client, string[] texts, int callers, int textsPerCall, TimeSpan duration)
    {
        var times = new ConcurrentBag<double>();
        var (next, refusals, failures) = (0, 0L, 0L);
        using var end = new CancellationTokenSource();
        var start = Stopwatch.GetTimestamp();
        var running = Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync)).ToArray();
        await Task.Delay(duration);
        var answered = times.Count;
        var elapsed = Stopwatch.GetElapsedTime(start);
        await end.CancelAsync();
        await Task.WhenAll(running);
        return new CallersResult(answered * textsPerCall / elapsed.TotalSeconds, [.. times.Order()], refusals, failures);

        async Task CallAsync()
        {
            while (!end.IsCancellationRequested)
            {
                var first = Interlocked.Add(ref next, textsPerCall) - textsPerCall;
                var request = new EmbedRequest { Kind = EmbedKind.Passage, Texts = { Enumerable.Range(first, textsPerCall).Select(i => texts[i % texts.Length]) } };
                var begin = Stopwatch.GetTimestamp();
                try
                {
                    await client.EmbedAsync(request, cancellationToken: end.Token);
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
                catch (RpcException exception) when (exception.StatusCode is StatusCode.ResourceExhausted)
                {
                    Interlocked.Increment(ref refusals);
                    await Task.Delay(RetryDelay(exception), end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                catch (RpcException) when (end.IsCancellationRequested)
                {
                    return;
                }
                catch (RpcException)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }
    }

    private static TimeSpan RetryDelay(RpcException exception) =>
        FailureStatus.FromRpcException(exception)?.RetryDelay ?? TimeSpan.FromMilliseconds(RetryDelayMilliseconds);
}
