using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>DCP's HTTP interface, as far as it is used here.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Api = "apis/" + DcpJson.ApiVersion + "/";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient http;

    public DcpClient(Kubeconfig access)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(access.Authority);
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } })
        {
            BaseAddress = access.Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access.Token);
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(Api + "executables", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Adds a service and waits for its address.</summary>
    /// <returns>The port that callers use.</returns>
    public async Task<int> AddServiceAsync(DcpObject<ServiceSpec, ServiceStatus> service, CancellationToken cancellationToken)
    {
        await CreateAsync("services", service, cancellationToken);
        while (true)
        {
            var current = await http.GetFromJsonAsync<DcpObject<ServiceSpec, ServiceStatus>>(
                Api + "services/" + service.Metadata.Name, DcpJson.Options, cancellationToken);
            if (current?.Status?.EffectivePort is { } port and > 0)
            {
                return port;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public Task AddExecutableAsync(DcpObject<ExecutableSpec, ExecutableStatus> executable, CancellationToken cancellationToken) =>
        CreateAsync("executables", executable, cancellationToken);

    /// <summary>Every executable as it is now, then every change, until DCP closes the stream.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchExecutablesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(Api + "executables?watch=true", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonSerializer.Deserialize<WatchEvent>(line, DcpJson.Options) is { } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>What an executable writes, line by line, each with its time in front, until it has ended.</summary>
    /// <param name="name">The executable.</param>
    /// <param name="source">"stdout" or "stderr".</param>
    /// <param name="cancellationToken">Ends it earlier.</param>
    public async IAsyncEnumerable<string> ReadLogAsync(string name, string source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            $"{Api}executables/{name}/log?follow=true&timestamps=true&source={source}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            yield break;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Asks the process to end (SIGTERM, then SIGKILL).</summary>
    public Task StopExecutableAsync(string name, CancellationToken cancellationToken) =>
        PatchAsync(Api + "executables/" + name, new { spec = new { stop = true } }, cancellationToken);

    /// <summary>Forgets an executable that has ended.</summary>
    public async Task DeleteExecutableAsync(string name, CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(Api + "executables/" + name, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Ends all that was started, then DCP itself; returns when it no longer answers or the token says so.</summary>
    public async Task StopEverythingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PatchAsync("admin/execution", new { status = "Stopping", shutdownResourceCleanup = "Full" }, cancellationToken);
            while (await AnswersAsync(cancellationToken))
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
        {
            // It has ended already, or will when it sees that this process has.
        }
    }

    public void Dispose() => http.Dispose();

    private async Task CreateAsync<T>(string kind, T value, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(Api + kind, value, DcpJson.Options, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task PatchAsync<T>(string path, T value, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(value, new MediaTypeHeaderValue("application/merge-patch+json"), DcpJson.Options);
        using var response = await http.PatchAsync(path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
