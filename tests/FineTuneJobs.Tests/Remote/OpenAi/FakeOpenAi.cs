using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>
/// OpenAI's files and fine-tuning API as it is documented, on a loopback port, and stricter than it: what the documentation
/// does not know is refused, and so is what comes in the wrong order. A job moves on one step with each look at it.
/// </summary>
internal sealed class FakeOpenAi : IAsyncDisposable
{
    public const string Key = "sk-test";
    public const string Model = "gpt-4.1-mini-2025-04-14";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();

    private FakeOpenAi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single() + "/v1");

    public ConcurrentDictionary<string, FakeFile> Files { get; } = new();

    public List<FakeJob> Jobs { get; } = [];

    /// <summary>Of all requests, "METHOD path" in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What was wrong with requests: a test that expects nothing wrong asserts that it is empty.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Steps that a job of which nothing else is said takes to succeed.</summary>
    public int RunningLooks { get; set; } = 3;

    /// <summary>Of the job's events that come with each look while it runs.</summary>
    public int EventsPerLook { get; set; } = 2;

    /// <summary>Fails a job in this way instead of letting it succeed.</summary>
    public (string Code, string Message, string Parameter)? Failure { get; set; }

    /// <summary>Asked before a request is answered, with "METHOD path"; a result other than null is the answer instead.</summary>
    public Func<string, IResult?> Before { get; set; } = _ => null;

    /// <summary>Asked after a request was carried out; a result other than null is the answer instead: what was done, stays done.</summary>
    public Func<string, IResult?> After { get; set; } = _ => null;

    public static async Task<FakeOpenAi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var fake = new FakeOpenAi(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync().WithTimeout("the fake's start");
        return fake;
    }

    public static IResult Error(int status, string message, string code = "", string type = "invalid_request_error") =>
        Results.Json(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = null, ["code"] = code.Length > 0 ? code : null } }, statusCode: status);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().WithTimeout("the fake's stop");
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var asked = $"{context.Request.Method} {context.Request.Path}";
        Requests.Enqueue(asked);
        var result = Before(asked);
        if (result is null)
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : null;
            using var reader = new StreamReader(context.Request.Body);
            var body = form is null ? await reader.ReadToEndAsync() : "";
            lock (_gate)
            {
                result = Refuse(context, form, body) ?? Carry(context.Request, form, body);
            }

            result = After(asked) ?? result;
        }

        await result.ExecuteAsync(context);
    }

    private IResult? Refuse(HttpContext context, IFormCollection? form, string body) =>
        context.Request.Headers.Authorization != $"Bearer {Key}" ? Error(401, "Incorrect API key provided.", "invalid_api_key")
            : form is null && body.Length > 0 && context.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true ? Complain("the body is no application/json")
            : null;

    private IResult Carry(HttpRequest request, IFormCollection? form, string body)
    {
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            ("POST", ["v1", "files"]) => Upload(form),
            ("GET", ["v1", "files"]) => List(request, [.. Files.Values.OrderByDescending(file => file.Number)], file => file.Id, Describe, "purpose", "limit", "order", "after"),
            ("GET", ["v1", "files", var id]) => Files.TryGetValue(id, out var file) ? Results.Json(Describe(file)) : Error(404, $"No such File object: {id}"),
            ("DELETE", ["v1", "files", var id]) => Files.TryRemove(id, out _) ? Results.Json(new JsonObject { ["id"] = id, ["object"] = "file", ["deleted"] = true }) : Error(404, $"No such File object: {id}"),
            ("POST", ["v1", "fine_tuning", "jobs"]) => Create(body),
            ("GET", ["v1", "fine_tuning", "jobs"]) => List(request, [.. Jobs.AsEnumerable().Reverse()], job => job.Id, Describe, "limit", "after"),
            (_, ["v1", "fine_tuning", "jobs", var id, .. var rest]) => Jobs.Find(job => job.Id == id) is { } job ? OfJob(request, job, rest, body) : Error(404, $"Could not find fine tune: {id}", "fine_tune_not_found"),
            _ => Complain($"Unknown request URL: {request.Method} {request.Path}"),
        };
    }

    private IResult OfJob(HttpRequest request, FakeJob job, string[] rest, string body) => (request.Method, rest) switch
    {
        ("GET", []) => Look(job),
        ("GET", ["events"]) => List(request, [.. job.Events.AsEnumerable().Reverse()], happened => (string)happened["id"]!, happened => happened.DeepClone(), "limit", "after"),
        ("GET", ["checkpoints"]) => List(request, [.. job.Checkpoints.AsEnumerable().Reverse()], kept => (string)kept["id"]!, kept => kept.DeepClone(), "limit", "after"),
        ("POST", ["cancel"]) when body.Length == 0 => job.IsOver ? Error(400, $"Job has already completed: {job.Id}", "job_completed") : Move(job, "cancelled"),
        ("POST", ["pause"]) when body.Length == 0 => job.Status == "running" ? Move(job, "paused") : Error(400, "Only running jobs can be paused.", "invalid_state"),
        ("POST", ["resume"]) when body.Length == 0 => job.Status == "paused" ? Move(job, "running") : Error(400, "Only paused jobs can be resumed.", "invalid_state"),
        _ => Complain($"Unknown request URL: {request.Method} {request.Path}, or a body where none belongs"),
    };

    private IResult Upload(IFormCollection? form)
    {
        if (form is null || form.Keys.Single() != "purpose" || form["purpose"] != "fine-tune" || form.Files.Count != 1 || form.Files[0].Name != "file" || form.Files[0].FileName.Length == 0)
        {
            return Complain("a multipart form has one field 'purpose' of 'fine-tune' and one file 'file' with a filename");
        }

        using var reader = new StreamReader(form.Files[0].OpenReadStream());
        var content = reader.ReadToEnd();
        if (TrainingLines.FindFault(content) is { } fault)
        {
            return Complain(fault);
        }

        var file = new FakeFile($"file-{Guid.NewGuid():N}", Files.Count + 1, form.Files[0].FileName, content);
        Files[file.Id] = file;
        return Results.Json(Describe(file));
    }

    private IResult Create(string body)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        string[] known = ["model", "training_file", "validation_file", "suffix", "seed", "method", "metadata", "integrations", "hyperparameters"];
        if (request.Select(property => property.Key).Except(known).FirstOrDefault() is { } stranger)
        {
            return Complain($"Unknown parameter: '{stranger}'.");
        }

        if (request.ContainsKey("hyperparameters"))
        {
            return Complain("'hyperparameters' is deprecated: use 'method'.");
        }

        if ((string?)request["model"] != Model)
        {
            return Error(404, $"The model '{request["model"]}' does not exist", "model_not_found");
        }

        foreach (var field in new[] { "training_file", "validation_file" }.Where(request.ContainsKey))
        {
            if (!Files.ContainsKey((string)request[field]!))
            {
                return Complain($"invalid {field}: there is no such file");
            }
        }

        var supervised = request["method"]?["supervised"]?["hyperparameters"]?.AsObject();
        if ((string?)request["method"]?["type"] != "supervised" || supervised is null || supervised.Any(pair => pair.Key is not ("n_epochs" or "batch_size" or "learning_rate_multiplier")))
        {
            return Complain("invalid method");
        }

        if (request["seed"]!.GetValue<long>() is < 0 or > int.MaxValue || ((string?)request["suffix"])?.Length is 0 or > 64 || request["metadata"]!.AsObject().Count > 16)
        {
            return Complain("seed, suffix or metadata is out of range");
        }

        var job = new FakeJob($"ftjob-{Guid.NewGuid():N}"[..30], request, Jobs.Count);
        Jobs.Add(job);
        job.Say("Created fine-tuning job: " + job.Id);
        return Results.Json(Describe(job));
    }

    private IResult Look(FakeJob job)
    {
        var described = Describe(job);
        job.Looks++;
        switch (job.Status)
        {
            case "validating_files":
                job.Status = "queued";
                break;
            case "queued":
                job.Status = "running";
                break;
            case "running" when job.Looks <= RunningLooks + 2:
                for (var index = 0; index < EventsPerLook; index++)
                {
                    job.Measure(RunningLooks * EventsPerLook);
                }

                break;
            case "running" when Failure is { } failure:
                (job.Status, job.Error) = ("failed", new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message, ["param"] = failure.Parameter });
                break;
            case "running":
                job.Succeed();
                break;
        }

        return Results.Json(described);
    }

    private static IResult Move(FakeJob job, string status)
    {
        job.Status = status;
        job.Say($"The job is {status}.");
        return Results.Json(Describe(job));
    }

    private IResult List<T>(HttpRequest request, List<T> items, Func<T, string> id, Func<T, JsonNode> describe, params string[] known)
    {
        if (request.Query.Keys.Except(known).FirstOrDefault() is { } stranger)
        {
            return Complain($"Unknown query parameter: '{stranger}'.");
        }

        var limit = request.Query.TryGetValue("limit", out var given) ? int.Parse(given!, System.Globalization.CultureInfo.InvariantCulture) : 20;
        if (limit is < 1 or > 100)
        {
            return Complain("limit is out of range");
        }

        var from = request.Query.TryGetValue("after", out var after) ? items.FindIndex(item => id(item) == after) + 1 : 0;
        var page = items.Skip(from).Take(limit).ToList();
        return Results.Json(new JsonObject
        {
            ["object"] = "list", ["data"] = new JsonArray([.. page.Select(describe)]), ["has_more"] = from + limit < items.Count,
            ["first_id"] = page.Count > 0 ? id(page[0]) : null, ["last_id"] = page.Count > 0 ? id(page[^1]) : null,
        });
    }

    private IResult Complain(string what)
    {
        Complaints.Enqueue(what);
        return Error(400, what);
    }

    private static JsonNode Describe(FakeFile file) => new JsonObject
    {
        ["id"] = file.Id, ["object"] = "file", ["bytes"] = file.Content.Length, ["created_at"] = FakeJob.Epoch, ["expires_at"] = null, ["filename"] = file.Name, ["purpose"] = "fine-tune",
        ["status"] = "processed", ["status_details"] = null,
    };

    private static JsonNode Describe(FakeJob job) => job.Describe();
}

internal sealed record FakeFile(string Id, int Number, string Name, string Content);
