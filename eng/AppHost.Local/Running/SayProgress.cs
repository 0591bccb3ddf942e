using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>One line for each step, in the order in which they happen.</summary>
internal sealed class SayProgress(TextWriter output) : IProgress<ProvisioningProgress>
{
    public void Report(ProvisioningProgress value)
    {
        if (value.DoneBytes == 0)
        {
            output.WriteLine(value.Message);
        }
    }
}
