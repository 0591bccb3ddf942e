namespace RagPlatform.Provisioning.Tests;

/// <summary>A test that starts a real private broker, left out with the reason where none is installed.</summary>
internal sealed class InstalledServerFactAttribute : FactAttribute
{
    public InstalledServerFactAttribute()
    {
        if (OperatingSystem.IsWindows() || (!File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server") && new MachineCommands().Find("rabbitmq-server") is null))
        {
            Skip = "no rabbitmq-server is installed (Debian, Ubuntu: sudo apt-get install rabbitmq-server)";
        }
    }
}
