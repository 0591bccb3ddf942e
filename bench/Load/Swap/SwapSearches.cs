using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>What one search answered.</summary>
/// <param name="IsExact">By vectors alone and compared with each; else hybrid, as by default.</param>
/// <param name="BeganAt">Since the searches began.</param>
/// <param name="WasRepeated">Because Retrieval had been killed.</param>
internal sealed record SwapAnswer(int Question, bool IsExact, TimeSpan BeganAt, double Milliseconds, string Model, (string ChunkId, double VectorScore)[] Hits, bool WasRepeated);

/// <summary>Eight clients that ask again as soon as they are answered, every second question by exact vectors.</summary>
internal sealed class SwapSearches(SwapServices services, string collection, string[] questions) : IAsyncDisposable
{
    public const int Clients = 8;

    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, string> chunkIds = new(StringComparer.Ordinal);
    private readonly long begin = Stopwatch.GetTimestamp();
    private Task searching = Task.CompletedTask;

    public ConcurrentQueue<SwapAnswer> Answers { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(begin);

    public void Start() => searching = Task.WhenAll(Enumerable.Range(0, Clients).Select(SearchAsync));

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await searching;
    }

    /// <summary>Of the documents of the file alone: those that are put beside them are in one index sooner than in the other.</summary>
    public async Task<(string ChunkId, double VectorScore)[]> AskExactAsync(string question, int topK) =>
        Hits(await services.Retrieval.SearchAsync(Request(question, isExact: true, topK)));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private async Task SearchAsync(int client)
    {
        for (var number = client; !stopping.IsCancellationRequested; number += Clients + 1)
        {
            var (question, isExact) = (number % questions.Length, number / questions.Length % 2 == 0);
            var (beganAt, started, wasRepeated) = (Now, Stopwatch.GetTimestamp(), false);
            while (true)
            {
                try
                {
                    var response = await services.Retrieval.SearchAsync(Request(questions[question], isExact, topK: 10));
                    Answers.Enqueue(new SwapAnswer(question, isExact, beganAt, Stopwatch.GetElapsedTime(started).TotalMilliseconds, response.Model, Hits(response), wasRepeated));
                    break;
                }
                catch (RpcException exception)
                {
                    // A process that was killed cannot answer: its caller asks again until it does.
                    if (!services.IsRetrievalAway)
                    {
                        Failures.Enqueue($"{exception.StatusCode}: {exception.Status.Detail}");
                        break;
                    }

                    wasRepeated = true;
                    await Task.Delay(RepeatInterval);
                }
            }
        }
    }

    private SearchRequest Request(string question, bool isExact, int topK)
    {
        var request = new SearchRequest { Tenant = "default", Collection = collection, Query = question, TopK = topK };
        if (isExact)
        {
            request.Settings = new SearchSettings { Fusion = FusionMethod.Vector, Exact = true };
            request.Filter = new Filter { Condition = new Condition { Field = SwapDocuments.SetField, Equals_ = new FilterValue { Text = SwapDocuments.Loaded } } };
        }

        return request;
    }

    private (string, double)[] Hits(SearchResponse response) => [.. response.Hits.Select(hit => (chunkIds.GetOrAdd($"{hit.ChunkId}@{hit.StartOffset}-{hit.EndOffset}", id => id), hit.VectorScore))];
}
