using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

internal enum ServerFault
{
    None,

    /// <summary>HTTP 503, nothing done.</summary>
    Unavailable,

    /// <summary>HTTP 429 with Retry-After: 0, nothing done.</summary>
    RateLimited,

    /// <summary>HTTP 500, nothing done.</summary>
    ServiceError,

    /// <summary>The connection breaks before anything is done.</summary>
    Broken,

    /// <summary>It is done, and then the connection breaks.</summary>
    BrokenAfterwards,

    /// <summary>No answer until the client gives up; nothing done.</summary>
    Silent,
}

/// <summary>
/// A Qdrant in memory that takes what the documentation of 1.15 allows, of the endpoints that the store uses, and refuses
/// everything else: unknown fields, wrong types, vectors that the collection does not have, filters on fields without an index.
/// </summary>
internal sealed class StrictQdrantServer : IAsyncDisposable
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|\0");

    private readonly WebApplication _app;
    private readonly string? _apiKey;
    private readonly ConcurrentDictionary<string, ServerCollection> _collections = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Request, string Body)> _requests = new();
    private readonly ConcurrentQueue<string> _refusals = new();

    private StrictQdrantServer(WebApplication app, string? apiKey) => (_app, _apiKey) = (app, apiKey);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Asked before each request, as "POST /collections/NAME/points/scroll".</summary>
    public Func<string, ServerFault>? Fault { get; set; }

    /// <summary>Awaited before each request is looked at.</summary>
    public Func<string, Task>? Before { get; set; }

    public IReadOnlyCollection<(string Request, string Body)> Requests => _requests;

    /// <summary>What was refused, but for missing keys and collections, which a client may find out by asking.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    /// <summary>Of all kinds.</summary>
    public int CountPoints(string collection) => Find(collection).PointCount;

    /// <param name="apiKey">Without which nothing is answered; null: anyone may ask.</param>
    public static async Task<StrictQdrantServer> StartAsync(string? apiKey = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = 32 * 1024 * 1024;
        });
        var app = builder.Build();
        var server = new StrictQdrantServer(app, apiKey);
        app.Run(server.AnswerAsync);
        await app.StartAsync().WithTimeout("the Qdrant server's start");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().WithTimeout("the Qdrant server's stop");
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.Path}";
        await (Before?.Invoke(request) ?? Task.CompletedTask);
        var fault = Fault?.Invoke(request) ?? ServerFault.None;
        if (fault is ServerFault.Broken)
        {
            context.Abort();
        }
        else if (fault is ServerFault.Silent)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        else if (fault is ServerFault.None or ServerFault.BrokenAfterwards)
        {
            var (status, body) = await HandleAsync(context.Request, request);
            if (fault is ServerFault.BrokenAfterwards)
            {
                context.Abort();
                return;
            }

            await WriteAsync(context.Response, status, body);
        }
        else
        {
            context.Response.Headers.RetryAfter = fault is ServerFault.RateLimited ? "0" : default;
            var status = fault switch { ServerFault.Unavailable => 503, ServerFault.RateLimited => 429, _ => 500 };
            await WriteAsync(context.Response, status, Error("Service internal error: a test asked for it"));
        }
    }

    private async Task<(int Status, JsonNode Body)> HandleAsync(HttpRequest request, string name)
    {
        if (_apiKey is not null && request.Headers["api-key"] != _apiKey)
        {
            return (401, "Must provide an API key or an Authorization bearer token");
        }

        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        _requests.Enqueue((name, text));
        try
        {
            using var body = text.Length == 0 ? null : JsonDocument.Parse(text);
            return (200, new JsonObject { ["usage"] = null, ["result"] = Route(request, body?.RootElement ?? default), ["status"] = "ok", ["time"] = 0.0001 });
        }
        catch (Refusal refusal)
        {
            if (refusal.Status != 404)
            {
                _refusals.Enqueue($"{name}: {refusal.Message}");
            }

            return (refusal.Status, Error(refusal.Message));
        }
    }

    private JsonNode? Route(HttpRequest request, JsonElement body)
    {
        CheckQuery(request.Query);
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, string.Join('/', path.Take(1).Concat(path.Skip(2)))) switch
        {
            ("GET", "collections") when path.Length == 1 => List(),
            ("GET", "collections") => Find(path[1]).Describe(),
            ("PUT", "collections") => Create(path[1], body),
            ("DELETE", "collections") => _collections.TryRemove(path[1], out _),
            ("PUT", "collections/index") => Find(path[1]).CreateIndex(body),
            ("PUT", "collections/points") => Find(path[1]).Upsert(body),
            ("POST", "collections/points") => Find(path[1]).Retrieve(body),
            ("POST", "collections/points/delete") => Find(path[1]).Delete(body),
            ("POST", "collections/points/scroll") => Find(path[1]).Scroll(body),
            ("POST", "collections/points/count") => Find(path[1]).Count(body),
            ("POST", "collections/points/query/batch") => Find(path[1]).QueryBatch(body),
            ("POST", "collections/facet") => Find(path[1]).Facet(body),
            _ => throw new Refusal(405, $"{request.Method} {request.Path} is not documented, or not used until now"),
        };
    }

    private JsonObject List() =>
        new() { ["collections"] = new JsonArray([.. _collections.Keys.Order(StringComparer.Ordinal).Select(name => new JsonObject { ["name"] = name })]) };

    private ServerCollection Find(string name) => _collections.TryGetValue(name, out var collection) ? collection : throw Refusal.NoCollection(name);

    private JsonValue Create(string name, JsonElement body)
    {
        if (name.Length > 255 || name.AsSpan().ContainsAny(NotInNames))
        {
            throw Refusal.Validation("collection_name", "collection name cannot contain special characters and has at most 255");
        }

        return _collections.TryAdd(name, new ServerCollection(CollectionSchema.Read(body)))
            ? JsonValue.Create(true)
            : throw new Refusal(409, $"Wrong input: Collection `{name}` already exists!");
    }

    private static void CheckQuery(IQueryCollection query)
    {
        foreach (var (key, value) in query)
        {
            var isDocumented = key switch
            {
                "wait" => value == "true" || value == "false",
                "ordering" => value == "weak" || value == "medium" || value == "strong",
                "timeout" => int.TryParse(value, out var seconds) && seconds >= 1,
                _ => false,
            };
            if (!isDocumented)
            {
                throw Refusal.Format("query", $"{key}={value} is not documented");
            }
        }
    }

    private static JsonObject Error(string message) => new() { ["status"] = new JsonObject { ["error"] = message }, ["time"] = 0.0001 };

    private static async Task WriteAsync(HttpResponse response, int status, JsonNode body)
    {
        response.StatusCode = status;
        response.ContentType = body is JsonObject ? "application/json" : "text/plain";
        await response.WriteAsync(body is JsonObject ? body.ToJsonString() : body.GetValue<string>());
    }
}
