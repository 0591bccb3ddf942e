using System.Globalization;
using System.Runtime.InteropServices;

namespace RagPlatform.Bench.Engines.Decoders;

/// <summary>
/// Real-time priority for the process while something short is measured, and a rest for everybody else after it: how two
/// threads that wait for each other can be timed on a machine that others keep busy. Linux, and only where it is allowed.
/// </summary>
internal sealed unsafe partial class Burst : IDisposable
{
    private const int Other = 0;
    private const int FirstInFirstOut = 1;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2.5);

    private Burst()
    {
    }

    public static Burst? Begin(bool wanted)
    {
        if (!wanted)
        {
            return null;
        }
        Schedule(FirstInFirstOut, priority: 1);
        return new Burst();
    }

    public void Dispose()
    {
        Schedule(Other, priority: 0);
        Thread.Sleep(Rest);
    }

    private static void Schedule(int policy, int priority)
    {
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            var thread = int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture);
            if (SetScheduler(thread, policy, &priority) != 0 && thread == Environment.ProcessId)
            {
                throw new InvalidOperationException("Real-time priority is not allowed here; run the bench on a quiet machine without \"bursts\".");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, int* parameter);
}
