using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>An endpoint on loopback that speaks OpenAI's streaming chat completions, as well or as badly as a test wants.</summary>
internal sealed class FakeChatEndpoint : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Func<int, Reply, Task> script;
    private int calls;

    private FakeChatEndpoint(WebApplication app, Func<int, Reply, Task> script)
    {
        this.app = app;
        this.script = script;
    }

    public string BaseUrl => app.Urls.Single() + "/v1";

    public int Calls => Volatile.Read(ref calls);

    /// <summary>The bodies of the requests, in order.</summary>
    public Channel<JsonElement> Requests { get; } = Channel.CreateUnbounded<JsonElement>();

    public Channel<string> Keys { get; } = Channel.CreateUnbounded<string>();

    /// <param name="script">Given the call's number from 1 and the reply to write.</param>
    public static async Task<FakeChatEndpoint> StartAsync(Func<int, Reply, Task> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        var endpoint = new FakeChatEndpoint(server, script);
        server.MapPost("/v1/chat/completions", endpoint.HandleAsync);
        await server.StartAsync().WithTimeout("the fake endpoint's start");
        return endpoint;
    }

    /// <summary>Says these pieces and finishes properly.</summary>
    public static Task<FakeChatEndpoint> SayingAsync(params string[] pieces) => StartAsync(async (_, reply) =>
    {
        await reply.SayAsync(pieces);
        await reply.FinishAsync();
    });

    public (string Key, string Value)[] Settings => [("Generation:OpenAI:BaseUrl", BaseUrl), ("Generation:OpenAI:Model", "test"), ("Generation:OpenAI:ApiKey", "secret-key")];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().WithTimeout("the fake endpoint's stop");
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = Interlocked.Increment(ref calls);
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        await Requests.Writer.WriteAsync(body.RootElement.Clone());
        await Keys.Writer.WriteAsync(context.Request.Headers.Authorization.ToString());
        await script(call, new Reply(context));
    }

    /// <summary>One response, written event by event.</summary>
    internal sealed class Reply(HttpContext context)
    {
        /// <summary>Ends when the client has gone away.</summary>
        public CancellationToken Aborted => context.RequestAborted;

        public async Task SayAsync(params string[] pieces)
        {
            foreach (var piece in pieces)
            {
                await SendAsync(Chunk(new { content = piece }, finish: null));
            }
        }

        public async Task FinishAsync(string reason = "stop")
        {
            await SendAsync(Chunk(new { }, reason));
            await SendAsync(JsonSerializer.Serialize(new
            {
                id = "c1", @object = "chat.completion.chunk", created = 1, model = "test", choices = Array.Empty<object>(),
                usage = new { prompt_tokens = 120, completion_tokens = 17, total_tokens = 137 },
            }));
            await SendAsync("[DONE]");
        }

        public async Task SendAsync(string data)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.ContentType = "text/event-stream";
            }

            await context.Response.WriteAsync($"data: {data}\n\n");
            await context.Response.Body.FlushAsync();
        }

        public Task RefuseAsync(int status, string? retryAfter = null)
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }

            return context.Response.WriteAsJsonAsync(new { error = new { message = "internal detail: stack trace at Foo.Bar", type = "t", code = "c" } });
        }

        public void BreakOff() => context.Abort();

        private static string Chunk(object delta, string? finish) => JsonSerializer.Serialize(new
        {
            id = "c1", @object = "chat.completion.chunk", created = 1, model = "test",
            choices = new[] { new { index = 0, delta, finish_reason = finish } },
        });
    }
}
