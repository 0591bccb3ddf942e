using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

/// <summary>A real HTTP server on loopback with a hub's addresses; a test says how it answers.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<string> requests = [];

    private FakeHub(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>"FILE" or "FILE from N", in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    /// <param name="answer">Gets the file's name, its content and the first byte asked for.</param>
    public static async Task<FakeHub> StartAsync(Func<HttpContext, string, byte[], int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var hub = new FakeHub(built);
        built.Run(async context =>
        {
            var name = context.Request.Path.Value!.Replace("/someone/tiny/resolve/1/", "", StringComparison.Ordinal);
            var from = (int)(context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);
            lock (hub.requests)
            {
                hub.requests.Add(from == 0 ? name : $"{name} from {from}");
            }

            await answer(context, name, TestModel.Files[name], from);
        });
        await built.StartAsync().WithTimeout("the fake hub's start");
        return hub;
    }

    /// <summary>Answers as a hub does, whole or the rest from the byte asked for, but ends before byte <paramref name="until"/>.</summary>
    public static async Task ServeAsync(HttpContext context, byte[] content, int from, int until)
    {
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Max(0, until - from)));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync().WithTimeout("the fake hub's stop");
        await app.DisposeAsync();
    }
}
