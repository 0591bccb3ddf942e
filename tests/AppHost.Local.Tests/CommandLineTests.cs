using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_All_BecomeSettings()
    {
        var options = Parse("--run-file", "/somewhere/run.json", "--dashboard-port", "18888", "--gateway-port", "0");

        options.RunFile.ShouldBe("/somewhere/run.json");
        options.DashboardPort.ShouldBe(18888);
    }

    [Theory]
    [InlineData("'--port' is no option", "--port", "1")]
    [InlineData("--run-file has no value", "--run-file")]
    [InlineData("--gateway-port: 'x' is no port", "--gateway-port", "x")]
    [InlineData("--dashboard-port: '70000' is no port", "--dashboard-port", "70000")]
    public void CommandLine_ThatIsWrong_SaysWhatIsAndWhatWouldBeRight(string message, params string[] arguments)
    {
        Should.Throw<SettingsException>(() => Parse(arguments)).Message.ShouldStartWith(message);
    }

    [Fact]
    public void Parameter_WithoutValue_NamesItsVariable()
    {
        var configuration = new ConfigurationBuilder().Build();

        Should.Throw<SettingsException>(() => Settings.Parameters(AppHostModel.Build(), configuration)).Message
            .ShouldBe("The parameter 'apikey' has no value: set the environment variable Parameters__apikey.");
    }

    [Fact]
    public void Port_ThatIsTaken_IsNamedWithTheRemedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;

        Should.Throw<SettingsException>(() => Ports.RequireFree("gateway-http", taken)).Message
            .ShouldStartWith($"Port {taken}, asked for gateway-http, cannot be had");
    }

    private static LocalOptions Parse(params string[] arguments)
    {
        var configuration = new ConfigurationBuilder();
        CommandLine.Apply(arguments, configuration);
        return LocalOptions.From(configuration.Build());
    }
}
