using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

/// <summary>
/// A hub as Hugging Face's behaves: a listing with Git's hashes, large files behind a redirect to another host, ranges and
/// entity tags, tokens, "later" with Retry-After, and files that end early.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    public const string Repository = "someone/tiny-bert";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string Token = "hf_secret";
    private const string Large = ".safetensors";

    private readonly WebApplication hub;
    private readonly WebApplication store;
    private readonly List<string> requests = [];

    private TestHub(WebApplication hub, WebApplication store)
    {
        this.hub = hub;
        this.store = store;
    }

    public Uri Address => new(hub.Urls.Single());

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string License { get; set; } = "\"mit\"";

    /// <summary>Only who has the token may read, as of a gated repository.</summary>
    public bool IsGated { get; set; }

    /// <summary>How many requests are answered with "later".</summary>
    public int Busy { get; set; }

    /// <summary>Before which byte the large files end, once each.</summary>
    public Queue<int> Cuts { get; } = new();

    /// <summary>Files that arrive with other bytes than listed.</summary>
    public HashSet<string> Corrupted { get; } = new(StringComparer.Ordinal);

    /// <summary>Set while large files are not to come.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>"FILE" or "FILE from N", in order; "listing" for the listing.</summary>
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

    /// <summary>What the host of the large files was given as authorization.</summary>
    public List<string> TokensSeenByTheStore { get; } = [];

    public static async Task<TestHub> StartAsync()
    {
        var (hub, store) = (Build(), Build());
        var server = new TestHub(hub, store);
        using (var folder = new TestFolder())
        {
            TinyBert.Write(folder.Path);
            foreach (var path in Directory.GetFiles(folder.Path))
            {
                server.Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
            }
        }

        server.Files["README.md"] = "---\nlicense: mit\n---\n"u8.ToArray();
        server.Files["pytorch_model.bin"] = new byte[100];
        hub.MapGet("/api/models/{owner}/{name}/revision/{revision}", server.ListAsync);
        hub.MapGet("/{owner}/{name}/resolve/{revision}/{**file}", server.ResolveAsync);
        store.MapGet("/{**file}", server.ServeLargeAsync);
        await store.StartAsync().WithTimeout("the store's start");
        await hub.StartAsync().WithTimeout("the hub's start");
        return server;
    }

    /// <summary>As Git names its objects.</summary>
    public static string GitHash(byte[] content) =>
#pragma warning disable CA5350
        Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350

    public async ValueTask DisposeAsync()
    {
        Gate?.TrySetResult();
        await hub.StopAsync().WithTimeout("the hub's stop");
        await store.StopAsync().WithTimeout("the store's stop");
        await hub.DisposeAsync();
        await store.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private async Task ListAsync(HttpContext context, string owner, string name, string revision)
    {
        Note("listing");
        if (IsLater(context) || IsRefused(context, owner, name))
        {
            return;
        }

        if (Uri.UnescapeDataString(revision) is not ("main" or Commit or "refs/pr/1"))
        {
            Refuse(context, StatusCodes.Status404NotFound, "RevisionNotFound");
            return;
        }

        var siblings = Files.Select(file => file.Key.EndsWith(Large, StringComparison.Ordinal)
            ? $$"""{"rfilename":"{{file.Key}}","size":{{file.Value.Length}},"blobId":"{{GitHash([])}}","lfs":{"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(file.Value))}}","size":{{file.Value.Length}},"pointerSize":134} }"""
            : $$"""{"rfilename":"{{file.Key}}","size":{{file.Value.Length}},"blobId":"{{GitHash(file.Value)}}"}""");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"id":"{{owner}}/{{name}}","sha":"{{Commit}}","gated":{{(IsGated ? "\"manual\"" : "false")}},"cardData":{"license":{{License}}},"siblings":[{{string.Join(',', siblings)}}]}""");
    }

    private async Task ResolveAsync(HttpContext context, string owner, string name, string revision, string file)
    {
        if (IsLater(context) || IsRefused(context, owner, name))
        {
            return;
        }

        if (revision != Commit || !Files.TryGetValue(file, out var content))
        {
            Refuse(context, StatusCodes.Status404NotFound, "EntryNotFound");
            return;
        }

        context.Response.Headers["X-Repo-Commit"] = Commit;
        if (file.EndsWith(Large, StringComparison.Ordinal))
        {
            context.Response.Headers["X-Linked-Size"] = $"{content.Length}";
            context.Response.Redirect($"{store.Urls.Single()}/{file}?signature=x");
            return;
        }

        Note(file);
        await SendAsync(context, file, content, content.Length);
    }

    private async Task ServeLargeAsync(HttpContext context, string file)
    {
        TokensSeenByTheStore.Add(context.Request.Headers.Authorization.ToString());
        var from = (int)(context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);
        Note(from == 0 ? file : $"{file} from {from}");
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(context.RequestAborted);
        }

        var content = Files[file];
        await SendAsync(context, file, content, Cuts.TryDequeue(out var cut) ? cut : content.Length);
    }

    private async Task SendAsync(HttpContext context, string file, byte[] content, int until)
    {
        var from = (int)(context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);
        var sent = Corrupted.Contains(file) ? content.Select(value => (byte)(value ^ 1)).ToArray() : content;
        context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"";
        context.Response.Headers.AcceptRanges = "bytes";
        // Where it ends early, in good order, as a proxy does it that lost its own source.
        context.Response.ContentLength = until == content.Length ? content.Length - from : null;
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = new ContentRangeHeaderValue(from, content.Length - 1, content.Length).ToString();
        }

        await context.Response.Body.WriteAsync(sent.AsMemory(from, until - from));
    }

    private bool IsLater(HttpContext context)
    {
        if (Busy == 0)
        {
            return false;
        }

        Busy--;
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = "7";
        return true;
    }

    private bool IsRefused(HttpContext context, string owner, string name)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var isKnown = $"{owner}/{name}" == Repository;
        switch (authorization)
        {
            case "" when !isKnown:
                Refuse(context, StatusCodes.Status401Unauthorized, "RepoNotFound");
                return true;
            case "" when IsGated:
                Refuse(context, StatusCodes.Status401Unauthorized, "GatedRepo");
                return true;
            case "" or $"Bearer {Token}" when isKnown:
                return false;
            case $"Bearer {Token}":
                Refuse(context, StatusCodes.Status404NotFound, "RepoNotFound");
                return true;
            default:
                Refuse(context, IsGated ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, IsGated ? "GatedRepo" : "");
                return true;
        }
    }

    private static void Refuse(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        if (code.Length > 0)
        {
            context.Response.Headers["X-Error-Code"] = code;
        }
    }

    private void Note(string request)
    {
        lock (requests)
        {
            requests.Add(request);
        }
    }
}
