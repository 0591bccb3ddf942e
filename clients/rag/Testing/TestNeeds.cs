using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Testing;

/// <summary>
/// What tests need beyond .NET, provided and told in a line each. What cannot be had leaves out the tests that need it:
/// they say so themselves.
/// </summary>
internal sealed class TestNeeds : IAsyncDisposable
{
    public const string ModelVariable = "RAG_TEST_MINILM";
    public const string BrokerVariable = "ConnectionStrings__rabbitmq";

    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);
    private readonly DirectoryInfo brokerFolder = Directory.CreateTempSubdirectory("ragplatform-test-broker-");
    private readonly List<BrokerHandle> brokers = [];

    private TestNeeds()
    {
    }

    public IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>
    /// The whole platform takes its drops from the same public queue as the service tests that run beside it, so the
    /// end-to-end tests get a broker of their own. Null where there is none, or where the user named the one to use.
    /// </summary>
    public Uri? EndToEndBroker { get; private set; }

    public static async Task<TestNeeds> ProvideAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        var needs = new TestNeeds();
        try
        {
            await needs.ProvideBrokerAsync(session, cancellationToken);
            await needs.ProvideModelAsync(session, checkout, cancellationToken);
            await ProvideAspireToolsAsync(session, cancellationToken);
            await ProvidePopplerAsync(session, cancellationToken);
            var node = new MachineCommands().Find("node");
            session.Note(node is null
                ? "Node.js: not installed; tests with foreign clients are left out. Install Node.js with npm to run them."
                : $"Node.js: {node}.");
            return needs;
        }
        catch
        {
            await needs.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in brokers)
        {
            await broker.DisposeAsync();
        }

        if (brokerFolder.Exists)
        {
            brokerFolder.Delete(recursive: true);
        }
    }

    private async Task ProvideBrokerAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            environment[BrokerVariable] = (await StartBrokerAsync(session, "services", cancellationToken)).AbsoluteUri;
            if (session.Environment(BrokerVariable) is not { Length: > 0 })
            {
                EndToEndBroker = await StartBrokerAsync(session, "end-to-end", cancellationToken);
            }
        }
        catch (ProvisioningException failure)
        {
            session.Note($"Broker: {failure.Message} Tests that need one are left out.");
        }
    }

    private async Task<Uri> StartBrokerAsync(Session session, string name, CancellationToken cancellationToken)
    {
        var broker = await session.ShowAsync("Looking for a broker.", report => Broker.ProvideAsync(
            new BrokerOptions { DataDirectory = Path.Combine(brokerFolder.FullName, name) },
            new Progress<ProvisioningProgress>(progress => report(progress.Message)),
            cancellationToken));
        brokers.Add(broker);
        session.Note($"Broker: {broker.Description}");
        return broker.ConnectionString;
    }

    private async Task ProvideModelAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        if (session.Environment(ModelVariable) is { Length: > 0 } given)
        {
            session.Note($"Model: {given}, named by {ModelVariable}.");
            return;
        }

        try
        {
            var folder = await ModelCache.EnsureAsync(session, checkout, cancellationToken);
            environment[ModelVariable] = folder;
            session.Note($"Model: {ModelCache.DefaultModel} in {folder}.");
        }
        catch (CommandException failure)
        {
            session.Note($"Model: {failure.Message} {failure.Remedy} Tests that need it are left out.");
        }
    }

    private static async Task ProvideAspireToolsAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var tools = await session.ShowAsync("Looking for the Aspire tools.", report =>
                AspireTools.EnsureAsync(new Progress<ProvisioningProgress>(progress => report(progress.Message)), cancellationToken));
            session.Note($"Aspire tools: {tools.DcpPath}.");
        }
        catch (ProvisioningException failure)
        {
            session.Note($"Aspire tools: {failure.Message} Tests that need them are left out.");
        }
    }

    private static async Task ProvidePopplerAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var program = await session.ShowAsync("Looking for poppler.", report =>
                PopplerTools.EnsureAsync(new Progress<ProvisioningProgress>(progress => report(progress.Message)), cancellationToken));
            session.Note($"Poppler: {program}.");
        }
        catch (ProvisioningException failure)
        {
            session.Note($"Poppler: {failure.Message} Tests that read PDF are left out.");
        }
    }
}
