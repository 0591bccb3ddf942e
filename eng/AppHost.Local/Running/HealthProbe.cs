using System.Net.Sockets;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>Asks again and again whether something is well: often until it is, seldom afterwards.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = AnswerTimeout,
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    /// <summary>Reports each answer, with its reason when it is no, until cancelled.</summary>
    public static async Task WatchAsync(
        Func<CancellationToken, Task<string?>> probe, Action<bool, string> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var interval = ShortestInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            var problem = await probe(cancellationToken);
            report(problem is null, problem ?? "");
            interval = problem is null ? LongestInterval : TimeSpan.FromTicks(Math.Min(interval.Ticks * 3 / 2, LongestInterval.Ticks));
            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <returns>Null when GET gives a 2xx; else why not.</returns>
    public static async Task<string?> HttpAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(url, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{url}: {failure.Message}";
        }
    }

    /// <returns>Null when something accepts connections there; else why not.</returns>
    public static async Task<string?> TcpAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.IsDefaultPort || address.Port < 0 ? 5672 : address.Port, limit.Token);
            return null;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{address.Host}:{address.Port}: {failure.Message}";
        }
    }
}
