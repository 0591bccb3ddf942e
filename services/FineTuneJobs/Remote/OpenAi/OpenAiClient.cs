using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Files;
using OpenAI.FineTuning;
using Polly;
using Polly.Retry;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>
/// OpenAI's files and fine-tuning jobs through its SDK. Every request is tried again after rate limits, faults and failed
/// connections, as long as they ask for or longer each time; the SDK's own retries, which cannot tell what may be repeated, are off.
/// </summary>
internal sealed class OpenAiClient(IHttpClientFactory http, IOptions<OpenAiOptions> options, TimeProvider time)
{
    public const string HttpClientName = "openai-fine-tuning";

    private const int PageSize = 100;

    /// <summary>Of files, jobs, events or checkpoints that are looked through.</summary>
    private const int MaxPages = 100;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    private readonly OpenAIFileClient files = new(Credential(options), ClientOptions(http, options));
    private readonly FineTuningClient jobs = new(Credential(options), ClientOptions(http, options));

    private readonly ResiliencePipeline pipeline = options.Value.MaxRetries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<OpenAiException>(failure => failure.IsTransient),
            MaxRetryAttempts = options.Value.MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(options.Value.RetryMilliseconds),
            MaxDelay = MaxDelay,
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as OpenAiException)?.RetryAfter),
        })
        .Build();

    /// <summary>The file of that name, uploaded unless it is there already: a request whose answer was lost is not made twice.</summary>
    /// <param name="name">Unlike any other's.</param>
    /// <param name="content">Opens what is to be sent.</param>
    /// <param name="mayBeThere">It may have been sent before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its id.</returns>
    public Task<string> UploadAsync(string name, Func<Stream> content, bool mayBeThere, CancellationToken cancellationToken) =>
        TryAsync(
            async isAgain =>
            {
                if ((mayBeThere || isAgain) && await FindFileAsync(name, cancellationToken) is { } present)
                {
                    return present;
                }

                await using var stream = content();
                var uploaded = await files.UploadFileAsync(stream, name, FileUploadPurpose.FineTune, cancellationToken);
                return uploaded.Value.Id;
            },
            cancellationToken);

    /// <summary>The job that ours has, made unless it is there already.</summary>
    /// <param name="ownJob">Our job's id: it is in theirs' metadata.</param>
    /// <param name="request">The body.</param>
    /// <param name="since">When it was first tried; null where it was not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<RemoteJob> CreateAsync(string ownJob, BinaryData request, DateTimeOffset? since, CancellationToken cancellationToken) =>
        TryAsync(
            async isAgain =>
            {
                var began = since ?? (isAgain ? time.GetUtcNow() : null);
                if (began is { } first && await FindJobAsync(ownJob, first, cancellationToken) is { } present)
                {
                    return present;
                }

                using var content = BinaryContent.Create(request);
                var created = await jobs.FineTuneAsync(content, waitUntilCompleted: false, Options(cancellationToken));
                return Read(created.GetRawResponse(), time.GetUtcNow());
            },
            cancellationToken);

    /// <summary>Null where there is none; it may have been made by a request whose answer was lost.</summary>
    public Task<RemoteJob?> FindAsync(string ownJob, DateTimeOffset since, CancellationToken cancellationToken) =>
        TryAsync(_ => FindJobAsync(ownJob, since, cancellationToken), cancellationToken);

    public Task<RemoteJob> GetAsync(string id, CancellationToken cancellationToken) =>
        TryAsync(async _ => Read((await jobs.GetJobAsync(id, cancellationToken)).GetRawResponse(), time.GetUtcNow()), cancellationToken);

    public Task<RemoteJob> CancelAsync(string id, CancellationToken cancellationToken) =>
        TryAsync(async _ => Read((await (await jobs.GetJobAsync(id, cancellationToken)).CancelAsync(Options(cancellationToken))).GetRawResponse(), time.GetUtcNow()), cancellationToken);

    public Task PauseAsync(string id, CancellationToken cancellationToken) => TryAsync(_ => jobs.PauseFineTuningJobAsync(id, Options(cancellationToken)), cancellationToken);

    public Task ResumeAsync(string id, CancellationToken cancellationToken) => TryAsync(_ => jobs.ResumeFineTuningJobAsync(id, Options(cancellationToken)), cancellationToken);

    public Task DeleteFileAsync(string id, CancellationToken cancellationToken) => TryAsync(async _ => await files.DeleteFileAsync(id, cancellationToken), cancellationToken);

    /// <summary>The job as it is now, and its events, oldest first, that came after that one.</summary>
    /// <param name="id">Of their job.</param>
    /// <param name="after">An event's id; empty for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<(RemoteJob Job, List<RemoteEvent> Events)> LookAsync(string id, string after, CancellationToken cancellationToken) =>
        TryAsync(
            async _ =>
            {
                // They give the newest first.
                var job = await jobs.GetJobAsync(id, cancellationToken);
                var seen = Read(job.GetRawResponse(), time.GetUtcNow());
                var events = new List<RemoteEvent>();
                await foreach (var json in ItemsAsync(job.GetEventsAsync(after: null, PageSize, Options(cancellationToken)), cancellationToken))
                {
                    var read = RemoteEvent.Read(json);
                    if (read.Id == after)
                    {
                        break;
                    }

                    events.Add(read);
                }

                events.Reverse();
                return (seen, events);
            },
            cancellationToken);

    /// <summary>By step.</summary>
    public Task<List<RemoteCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellationToken) =>
        TryAsync(
            async _ =>
            {
                var job = await jobs.GetJobAsync(id, cancellationToken);
                var checkpoints = new List<RemoteCheckpoint>();
                await foreach (var json in ItemsAsync(job.GetCheckpointsAsync(after: null, PageSize, Options(cancellationToken)), cancellationToken))
                {
                    checkpoints.Add(RemoteCheckpoint.Read(json));
                }

                return checkpoints.OrderBy(checkpoint => checkpoint.Step).ToList();
            },
            cancellationToken);

    private async Task<string?> FindFileAsync(string name, CancellationToken cancellationToken)
    {
        var after = (string?)null;
        for (var page = 0; page < MaxPages; page++)
        {
            var result = await files.GetFilesAsync("fine-tune", limit: PageSize, order: "desc", after: after, Options(cancellationToken));
            using var json = JsonDocument.Parse(result.GetRawResponse().Content.ToMemory());
            var list = json.RootElement.GetProperty("data").EnumerateArray().ToList();
            if (list.Find(file => RemoteJob.Text(file, "filename") == name && RemoteJob.Text(file, "status") != "error") is { ValueKind: JsonValueKind.Object } found)
            {
                return RemoteJob.Text(found, "id");
            }

            if (list.Count == 0 || !json.RootElement.TryGetProperty("has_more", out var more) || more.ValueKind is not JsonValueKind.True)
            {
                return null;
            }

            after = RemoteJob.Text(list[^1], "id");
        }

        return null;
    }

    /// <remarks>Their clock and ours may differ; an hour is enough.</remarks>
    private async Task<RemoteJob?> FindJobAsync(string ownJob, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var list = jobs.GetJobsAsync(new FineTuningJobCollectionOptions { PageSize = PageSize }, cancellationToken);
        await foreach (var json in ItemsAsync(list, cancellationToken))
        {
            var job = RemoteJob.Read(json, time.GetUtcNow());
            // One that failed or was cancelled is not what is asked for now: our job was begun again.
            if (job.OwnJob == ownJob && job.Status is not ("failed" or "cancelled"))
            {
                return job;
            }

            if (job.CreatedAt < since.AddHours(-1))
            {
                return null;
            }
        }

        return null;
    }

    private static async IAsyncEnumerable<JsonElement> ItemsAsync(AsyncCollectionResult pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var page in pages.GetRawPagesAsync().WithCancellation(cancellationToken))
        {
            using var json = JsonDocument.Parse(page.GetRawResponse().Content.ToMemory());
            foreach (var item in json.RootElement.GetProperty("data").EnumerateArray())
            {
                yield return item;
            }

            if (++read == MaxPages)
            {
                yield break;
            }
        }
    }

    private static RemoteJob Read(PipelineResponse response, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(response.Content.ToMemory());
        return RemoteJob.Read(json.RootElement, now);
    }

    private async Task<T> TryAsync<T>(Func<bool, Task<T>> request, CancellationToken cancellationToken)
    {
        var tries = 0;
        return await pipeline.ExecuteAsync(
            async _ =>
            {
                try
                {
                    return await request(tries++ > 0);
                }
                catch (ClientResultException exception)
                {
                    throw OpenAiException.From(exception, time.GetUtcNow());
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or AggregateException
                    || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    throw new OpenAiException(0, "", $"{options.Value.BaseAddress} cannot be reached: {exception.Message}", exception);
                }
                catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
                {
                    throw OpenAiException.Broken($"what is no answer of the API: {exception.Message}");
                }
            },
            cancellationToken);
    }

    private static RequestOptions Options(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };

    private static ApiKeyCredential Credential(IOptions<OpenAiOptions> options) => new(options.Value.ApiKey.Length > 0 ? options.Value.ApiKey : "none");

    private static OpenAIClientOptions ClientOptions(IHttpClientFactory http, IOptions<OpenAiOptions> options) => new()
    {
        Endpoint = new Uri(options.Value.BaseAddress),
        NetworkTimeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        Transport = new HttpClientPipelineTransport(http.CreateClient(HttpClientName)),
    };
}
