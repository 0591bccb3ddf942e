using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Providers;

/// <summary>
/// A real HTTP server with OpenAI's POST /v1/embeddings, which misbehaves as told. Its vector of a text is
/// (length of the text, 1, 0), not yet of unit length.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> misbehaviours = new();
    private int atOnce;

    private FakeProvider(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single() + "/v1";

    /// <summary>Every request's body, in order.</summary>
    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public int MostAtOnce { get; private set; }

    /// <summary>Awaited by every answer.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Changes the vectors of an answer.</summary>
    public Func<float[], float[]> Vector { get; set; } = vector => vector;

    /// <summary>Changes an answer's items before they are sent.</summary>
    public Func<List<Dictionary<string, object>>, IEnumerable<Dictionary<string, object>>> Items { get; set; } = items => items;

    /// <summary>Null: as the request asks for.</summary>
    public string? Encoding { get; set; }

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var built = builder.Build();
        var provider = new FakeProvider(built);
        built.MapPost("/v1/embeddings", provider.AnswerAsync);
        await built.StartAsync().WithTimeout("the fake provider's start");
        return provider;
    }

    /// <summary>The next request is answered so, one for each call.</summary>
    public void Misbehave(Func<HttpContext, Task> how, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            misbehaviours.Enqueue(how);
        }
    }

    public void Fail(int status, string body = "", string? retryAfter = null, int times = 1) => Misbehave(
        context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            return context.Response.WriteAsync(body);
        },
        times);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().WithTimeout("the fake provider's stop");
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var json = await JsonDocument.ParseAsync(context.Request.Body);
        var texts = json.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!).ToList();
        var encoding = Encoding ?? json.RootElement.GetProperty("encoding_format").GetString();
        Requests.Enqueue(new FakeRequest(json.RootElement.ToString(), texts, context.Request.Headers.Authorization.ToString(), context.Request.ContentLength));
        if (misbehaviours.TryDequeue(out var misbehaviour))
        {
            await misbehaviour(context);
            return;
        }

        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref atOnce));
        await Gate;
        Interlocked.Decrement(ref atOnce);
        var items = texts.Select((text, index) => Item(index, Vector([text.Length, 1, 0]), encoding == "base64")).ToList();
        await context.Response.WriteAsJsonAsync(new { @object = "list", data = Items(items), usage = new { prompt_tokens = texts.Count * 5, total_tokens = texts.Count * 5 } });
    }

    private static Dictionary<string, object> Item(int index, float[] vector, bool base64) => new()
    {
        ["object"] = "embedding",
        ["index"] = index,
        ["embedding"] = base64 ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan())) : vector,
    };
}

internal sealed record FakeRequest(string Body, IReadOnlyList<string> Texts, string Authorization, long? Bytes);
