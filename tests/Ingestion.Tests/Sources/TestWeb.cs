using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Sources;

/// <summary>A real web server on loopback whose pages a test writes, and that remembers what it was asked.</summary>
internal sealed class TestWeb : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestWeb(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    /// <summary>As Ingestion:Sources:PrivateHosts lists it.</summary>
    public string PrivateHost => $"127.0.0.1:{Address.Port}";

    /// <summary>By path.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Pages { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths in the order in which they were asked for, with " (conditional)" where an unchanged page need not be sent.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static async Task<TestWeb> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var web = (TestWeb?)null;
        app.Run(context => web!.AnswerAsync(context));
        await app.StartAsync().WithTimeout("the test web's start");
        return web = new TestWeb(app);
    }

    public string Url(string path) => new Uri(Address, path).AbsoluteUri;

    /// <summary>A page with an entity tag of its text.</summary>
    public void Write(string path, string text, string contentType = "text/html; charset=utf-8")
    {
        var tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}\"";
        Pages[path] = context =>
        {
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(text);
        };
    }

    public void Answer(string path, int status, string? location = null) =>
        Pages[path] = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };

    public void WriteBytes(string path, byte[] body, string contentType, string? encoding = null) =>
        Pages[path] = async context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(body);
        };

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Asked.Enqueue(context.Request.Headers.IfNoneMatch.Count + context.Request.Headers.IfModifiedSince.Count > 0 ? $"{path} (conditional)" : path);
        if (Pages.TryGetValue(path, out var page))
        {
            await page(context);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
