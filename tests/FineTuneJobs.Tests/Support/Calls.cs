using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Support;

internal static class Calls
{
    public static async Task<Dataset> UploadAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, byte[] content, string name = "examples.jsonl")
    {
        using var call = client.UploadDataset();
        await call.RequestStream.WriteAsync(new UploadDatasetRequest { Header = new DatasetHeader { Name = name } });
        foreach (var piece in content.Chunk(256 * 1024))
        {
            await call.RequestStream.WriteAsync(new UploadDatasetRequest { Content = ByteString.CopyFrom(piece) });
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync.WithTimeout("the upload")).Dataset;
    }

    public static async Task<Job> CreateAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, JobSpec spec, string requestId = "") =>
        (await client.CreateJobAsync(new CreateJobRequest { Spec = spec, RequestId = requestId }).ResponseAsync.WithTimeout("the job's creation")).Job;

    public static async Task<Job> GetAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, string id) => (await client.GetJobAsync(new GetJobRequest { Id = id })).Job;

    /// <summary>Until the job is in one of the states.</summary>
    public static async Task<Job> WaitAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, string id, params JobState[] states)
    {
        var job = await client.GetAsync(id);
        try
        {
            await TestTimeout.EventuallyAsync(async () => Array.IndexOf(states, (job = await client.GetAsync(id)).State) >= 0, $"{id} is {string.Join(" or ", states)}", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} It is {job}. Events: {string.Join(" | ", await client.EventsAsync(id))}", exception);
        }

        return job;
    }

    /// <summary>Until it rests.</summary>
    public static Task<Job> EndAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, string id) =>
        client.WaitAsync(id, JobState.Succeeded, JobState.Failed, JobState.Cancelled);

    public static async Task<IReadOnlyList<string>> EventsAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, string id) =>
        [.. (await client.ListJobEventsAsync(new ListJobEventsRequest { Id = id, PageSize = 1000 })).Events.Select(entry => entry.Message)];

    /// <summary>SHA-256 of the adapter's files, by name, as the run card has them.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FilesAsync(this FineTuneJobsService.FineTuneJobsServiceClient client, string id) =>
        JsonDocument.Parse((await client.GetRunCardAsync(new GetRunCardRequest { Id = id })).Json).RootElement.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString()!);

    public static async Task<StatusCode> StatusAsync(Func<Task> call)
    {
        try
        {
            await call().WithTimeout("the call");
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }
}
