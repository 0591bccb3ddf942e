using RabbitMQ.Client;
using RagPlatform.Provisioning.Brokers;
using RagPlatform.TestKit;

namespace RagPlatform.Provisioning.Tests;

public sealed class PrivateBrokerTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(90);

    [InstalledServerFact]
    public async Task PrivateBroker_StartedUsedAgainAndStopped_LeavesNoProcessBehind()
    {
        using var limit = new CancellationTokenSource(TestTimeout);
        using var folder = new TestFolder();
        var source = new PrivateBroker(new MachineCommands());
        var outliving = new BrokerOptions { DataDirectory = folder.Path, OutlivesCaller = true };

        var first = (await source.OfferAsync(outliving, null, limit.Token)).Broker.ShouldNotBeNull();
        await first.DisposeAsync();
        var again = (await source.OfferAsync(outliving, null, limit.Token)).Broker.ShouldNotBeNull();

        again.ConnectionString.ShouldBe(first.ConnectionString);
        again.Description.ShouldContain("already running");
        (await AcceptsAsync(first.ConnectionString, limit.Token)).ShouldBeTrue("the broker outlives its handle");

        (await source.StopAsync(folder.Path, limit.Token)).ShouldBeTrue();
        (await AcceptsAsync(first.ConnectionString, limit.Token)).ShouldBeFalse();
        ProcessesOf(folder.Path).ShouldBeEmpty();
        (await source.StopAsync(folder.Path, limit.Token)).ShouldBeFalse("nothing runs any more");
    }

    [InstalledServerFact]
    public async Task PrivateBroker_HandleDisposed_EndsAndItsFolderStartsAgain()
    {
        using var limit = new CancellationTokenSource(TestTimeout);
        using var folder = new TestFolder();
        var source = new PrivateBroker(new MachineCommands());
        var owned = new BrokerOptions { DataDirectory = folder.Path };

        for (var start = 0; start < 2; start++)
        {
            var broker = (await source.OfferAsync(owned, null, limit.Token)).Broker.ShouldNotBeNull();
            (await AcceptsAsync(broker.ConnectionString, limit.Token)).ShouldBeTrue();
            await broker.DisposeAsync();
            (await AcceptsAsync(broker.ConnectionString, limit.Token)).ShouldBeFalse();
        }

        ProcessesOf(folder.Path).ShouldBeEmpty();
    }

    [InstalledServerFact]
    public async Task PrivateBroker_DurableQueueDeclaredWithAndWithoutItsType_IsTheSameQuorumQueue()
    {
        using var limit = new CancellationTokenSource(TestTimeout);
        using var folder = new TestFolder();
        await using var broker = (await new PrivateBroker(new MachineCommands()).OfferAsync(new BrokerOptions { DataDirectory = folder.Path }, null, limit.Token)).Broker.ShouldNotBeNull();
        await using var connection = await new ConnectionFactory { Uri = broker.ConnectionString }.CreateConnectionAsync(limit.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };

        foreach (var arguments in new[] { quorum, null, quorum })
        {
            var queue = await channel.QueueDeclareAsync("rag.documents", durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: limit.Token);
            queue.QueueName.ShouldBe("rag.documents");
        }

        (await channel.QueueDeclareAsync(cancellationToken: limit.Token)).QueueName.ShouldNotBeEmpty("an exclusive queue stays what it is");
    }

    private static async Task<bool> AcceptsAsync(Uri address, CancellationToken cancellationToken) =>
        await AmqpProbe.AcceptsConnectionsAsync(address.Host, address.Port, TimeSpan.FromSeconds(5), cancellationToken);

    /// <summary>Every process that carries the folder in its arguments or environment (Linux only; empty elsewhere).</summary>
    private static string[] ProcessesOf(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        return [.. Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)).Where(path => Mentions(path, folder))];
    }

    private static bool Mentions(string process, string folder)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline").Contains(folder, StringComparison.Ordinal)
                || File.ReadAllText(process + "/environ").Contains(folder, StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile, or another user's
        }
    }
}
