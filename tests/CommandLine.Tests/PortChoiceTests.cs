using System.Net;
using System.Net.Sockets;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Tests;

public sealed class PortChoiceTests : IDisposable
{
    private readonly StringWriter error = new();
    private readonly TcpListener taken = new(IPAddress.Loopback, 0);

    public PortChoiceTests() => taken.Start();

    public void Dispose()
    {
        taken.Dispose();
        error.Dispose();
    }

    [Fact]
    public void FreeFrom_Taken_IsALaterOneAndSaysSo()
    {
        var preferred = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var session = NewSession();

        var port = PortChoice.FreeFrom(session, preferred, "The gateway");

        port.ShouldBeGreaterThan(preferred);
        error.ToString().Trim().ShouldBe($"The gateway listens on port {port}, because {preferred} is taken.");
    }

    [Fact]
    public void FreeFrom_Free_IsTheOneAskedForWithoutAWord()
    {
        var free = Provisioning.LoopbackPorts.FindFree(1)[0];
        using var session = NewSession();

        PortChoice.FreeFrom(session, free, "The gateway").ShouldBe(free);
        error.ToString().ShouldBeEmpty();
    }

    private Session NewSession() => new()
    {
        Out = TextWriter.Null,
        Err = error,
        OpenInput = () => Stream.Null,
        Environment = _ => null,
        CurrentDirectory = Path.GetTempPath(),
    };
}
