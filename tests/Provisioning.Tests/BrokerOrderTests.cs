using RagPlatform.Provisioning.Brokers;

namespace RagPlatform.Provisioning.Tests;

public sealed class BrokerOrderTests
{
    private static readonly BrokerOptions Options = new() { DataDirectory = "unused" };

    [Fact]
    public async Task Provide_SeveralSourcesHaveOne_TakesTheFirstAndAsksNoFurther()
    {
        var third = new FakeSource(BrokerOffer.Of(new BrokerHandle(new Uri("amqp://third"), "third")));
        var broker = await Broker.ProvideAsync(
            Options,
            [new FakeSource(BrokerOffer.None("first has none")), new FakeSource(BrokerOffer.Of(new BrokerHandle(new Uri("amqp://second"), "second"))), third],
            progress: null,
            CancellationToken.None);

        broker.Description.ShouldBe("second");
        third.WasAsked.ShouldBeFalse();
    }

    [Fact]
    public async Task Provide_NoSourceHasOne_FailsWithWhatToInstallAndEveryReason()
    {
        var failure = await Should.ThrowAsync<ProvisioningException>(() => Broker.ProvideAsync(
            Options,
            [new FakeSource(BrokerOffer.None("no Docker engine answers")), new FakeSource(BrokerOffer.None("no rabbitmq-server is installed"))],
            progress: null,
            CancellationToken.None));

        failure.Message.ShouldContain("install rabbitmq-server");
        failure.Message.ShouldContain("no Docker engine answers; no rabbitmq-server is installed");
    }

    [Theory]
    [InlineData("localhost:5672")]
    [InlineData("http://localhost:5672")]
    public async Task NamedBroker_NoAmqpAddress_IsRefusedRatherThanReplaced(string connectionString)
    {
        var failure = await Should.ThrowAsync<ProvisioningException>(() => new NamedBroker(connectionString).OfferAsync(Options, null, CancellationToken.None));

        failure.Message.ShouldContain(NamedBroker.Variable);
        failure.Message.ShouldContain("amqp://user:password@host:port/");
    }

    [Fact]
    public async Task NamedBroker_NobodyListens_IsRefusedRatherThanReplaced()
    {
        var port = LoopbackPorts.FindFree(1)[0];

        var failure = await Should.ThrowAsync<ProvisioningException>(() => new NamedBroker($"amqp://127.0.0.1:{port}").OfferAsync(Options, null, CancellationToken.None));

        failure.Message.ShouldContain($"127.0.0.1:{port}, does not answer");
    }

    [Fact]
    public async Task NamedBroker_NotSet_LeavesItToTheOthers() =>
        (await new NamedBroker(null).OfferAsync(Options, null, CancellationToken.None)).Reason.ShouldBe($"{NamedBroker.Variable} is not set");

    [Fact]
    public async Task ContainerBroker_ClientWithoutEngine_StartsNothing()
    {
        var commands = new FakeCommands("docker").Answers("docker version", 1, error: "Cannot connect to the Docker daemon");

        var offer = await new ContainerBroker(commands).OfferAsync(Options, null, CancellationToken.None);

        offer.Reason.ShouldBe("no Docker engine answers");
        commands.Ran.ShouldBe(["docker version --format {{.Server.Version}}"]);
    }

    [Fact]
    public async Task ContainerBroker_ImageCannotBePulled_SaysWhyAndLeavesItToTheOthers()
    {
        var commands = new FakeCommands("docker").Answers("docker run", 125, error: "docker: pull access denied\n");

        var offer = await new ContainerBroker(commands).OfferAsync(Options, null, CancellationToken.None);

        offer.Broker.ShouldBeNull();
        offer.Reason.ShouldNotBeNull().ShouldContain("pull access denied");
    }

    [Fact]
    public async Task PackagedBroker_NoRights_InstallsNothing()
    {
        var commands = new FakeCommands("apt-get", "sudo").Answers("sudo -n true", 1);

        var offer = await new PackagedBroker(commands, new FakeSource(default), isRoot: false).OfferAsync(Options, null, CancellationToken.None);

        offer.Reason.ShouldNotBeNull().ShouldContain("passwordless sudo");
        commands.Ran.ShouldBe(["sudo -n true"]);
    }

    [Fact]
    public async Task PackagedBroker_PasswordlessSudo_InstallsThenStartsTheInstalledOne()
    {
        var commands = new FakeCommands("apt-get", "sudo");
        var installed = new FakeSource(BrokerOffer.Of(new BrokerHandle(new Uri("amqp://private"), "private")));

        var offer = await new PackagedBroker(commands, installed, isRoot: false).OfferAsync(Options, null, CancellationToken.None);

        offer.Broker.ShouldNotBeNull().Description.ShouldBe("private");
        commands.Ran[^1].ShouldBe("sudo -n env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends rabbitmq-server");
    }

    [Fact]
    public async Task PackagedBroker_StalePackageLists_UpdatesThemAndTriesOnceMore()
    {
        var commands = new FakeCommands("apt-get").Answers("env RUNLEVEL=1", 100, error: "E: Unable to locate package rabbitmq-server");
        var installed = new FakeSource(default);

        var offer = await new PackagedBroker(commands, installed, isRoot: true).OfferAsync(Options, null, CancellationToken.None);

        offer.Reason.ShouldNotBeNull().ShouldContain("Unable to locate package");
        commands.Ran.Count.ShouldBe(3);
        commands.Ran[1].ShouldBe("apt-get update");
        installed.WasAsked.ShouldBeFalse();
    }

    private sealed class FakeSource(BrokerOffer offer) : IBrokerSource
    {
        public bool WasAsked { get; private set; }

        public Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
        {
            WasAsked = true;
            return Task.FromResult(offer);
        }
    }
}
