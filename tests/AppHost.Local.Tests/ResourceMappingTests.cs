using RagPlatform.AppHost.Local.Dashboard;
using RagPlatform.AppHost.Local.Dashboard.V1;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Tests;

/// <summary>What the dashboard stumbles over when it is missing, or finds telemetry by.</summary>
public sealed class ResourceMappingTests
{
    private readonly ResourceSnapshot gateway = new("gateway", ResourceKind.Project, DateTimeOffset.UnixEpoch)
    {
        State = ResourceStates.Running,
        IsHealthy = false,
        HealthDescription = "retrieval is down",
        Endpoints = new Dictionary<string, string> { ["http"] = "http://127.0.0.1:1005" },
        Dependencies = ["retrieval"],
    };

    [Fact]
    public void Resource_Running_HasTheFieldsThatTheDashboardNeeds()
    {
        var resource = ResourceMapping.ToProto(gateway);

        resource.CreatedAt.ShouldNotBeNull();
        resource.Urls.ShouldHaveSingleItem().DisplayProperties.ShouldNotBeNull();
        resource.Name.ShouldBe("gateway-1");
        resource.DisplayName.ShouldBe("gateway");
        resource.Relationships.ShouldHaveSingleItem().ResourceName.ShouldBe("retrieval");
    }

    [Fact]
    public void Resource_ThatIsUnwell_SaysWhy()
    {
        var report = ResourceMapping.ToProto(gateway).HealthReports.ShouldHaveSingleItem();

        report.Status.ShouldBe(HealthStatus.Unhealthy);
        report.Description.ShouldBe("retrieval is down");
    }

    [Theory]
    [InlineData(ResourceStates.Running, "stop restart")]
    [InlineData(ResourceStates.Exited, "start")]
    [InlineData(ResourceStates.FailedToStart, "start")]
    [InlineData(ResourceStates.Stopping, "")]
    public void Commands_InEachState_AreThosePossible(string state, string commands)
    {
        var possible = ResourceMapping.ToProto(gateway with { State = state }).Commands.Where(command => command.State == ResourceCommandState.Enabled);

        string.Join(' ', possible.Select(command => command.Name)).ShouldBe(commands);
    }

    [Fact]
    public void Parameter_ThatIsSecret_IsMarkedSo()
    {
        var resource = ResourceMapping.ToProto(new("apikey", ResourceKind.Parameter, DateTimeOffset.UnixEpoch) { Source = "secret" });

        resource.Properties.ShouldHaveSingleItem().IsSensitive.ShouldBeTrue();
    }
}
