using System.Text;

namespace RagPlatform.CommandLine.Tests.Watch;

/// <summary>Text that one thread writes and another reads.</summary>
internal sealed class SharedWriter : StringWriter
{
    private readonly Lock gate = new();

    public override void Write(char value)
    {
        lock (gate)
        {
            base.Write(value);
        }
    }

    public override void WriteLine(string? value)
    {
        lock (gate)
        {
            base.WriteLine(value);
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            return base.ToString();
        }
    }
}
