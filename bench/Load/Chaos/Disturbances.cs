using System.Globalization;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>What is done to services, broker, connections and disk, one thing after the other, in an order that the seed decides.</summary>
internal sealed class Disturbances(ChaosPlatform platform, ChaosBroker broker, int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>How often each thing was done.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    public async Task RunAsync(TimeSpan duration)
    {
        using var over = new CancellationTokenSource(duration);
        while (!over.IsCancellationRequested)
        {
            var (name, disturb) = Next();
            counts[name] = counts.GetValueOrDefault(name) + 1;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {name}"));
            await disturb();
            await Task.Delay(Seconds(1, 8));
        }
    }

    private (string Name, Func<Task> Disturb) Next()
    {
        var service = ChaosPlatform.Services[random.Next(ChaosPlatform.Services.Length)];
        return random.Next(platform.Disk is null ? 85 : 100) switch
        {
            < 35 => ($"kill -9 {service}", () => RestartAsync(service, platform.KillAsync)),
            < 45 => ($"stop {service}", () => RestartAsync(service, platform.StopAsync)),
            < 60 => ($"pause {service}", () => PauseAsync(service)),
            < 70 => ("kill -9 the broker", RestartBrokerAsync),
            < 85 => ("cut the broker's connections", () => broker.Proxy.CutAsync(Seconds(0, 5))),
            _ => ("fill the disk", FillAsync),
        };
    }

    private async Task RestartAsync(string service, Func<string, Task> end)
    {
        await end(service);
        await Task.Delay(Seconds(0, 5));
        platform.Start(service);
    }

    private async Task PauseAsync(string service)
    {
        platform.Pause(service);
        await Task.Delay(Seconds(1, 15));
        platform.Continue(service);
    }

    private async Task RestartBrokerAsync()
    {
        await broker.KillAsync();
        await Task.Delay(Seconds(0, 5));
        await broker.StartAsync();
    }

    private async Task FillAsync()
    {
        platform.Disk!.Fill();
        await Task.Delay(Seconds(2, 10));
        platform.Disk.Free();
    }

    private TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + (random.NextDouble() * (to - from)));
}
