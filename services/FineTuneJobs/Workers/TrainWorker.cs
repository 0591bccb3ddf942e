using System.ComponentModel;
using System.Diagnostics;
using RagPlatform.FineTuneJobs.Workers.BuiltIn;
using RagPlatform.FineTuneJobs.Workers.External;
using RagPlatform.FineTuneJobs.Workers.Protocol;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>
/// This program as a worker: it trains one job and speaks the protocol on standard input and output. It ends when standard
/// input does, which is when the process that started it ends, however that was, and takes what it started with it.
/// </summary>
public static class TrainWorker
{
    /// <summary>The first argument of a worker; the job's folder follows.</summary>
    public const string Argument = "train-worker";

    /// <summary>Somebody else has the job (EX_TEMPFAIL of sysexits.h).</summary>
    internal const int BusyExitCode = 75;

    /// <returns>False when the program was not started as a worker; else after the work is over.</returns>
    public static bool TryRun(string[] arguments)
    {
        if (arguments is not [Argument, var folder])
        {
            return false;
        }

        Environment.ExitCode = Run(folder);
        return true;
    }

    private static int Run(string folder)
    {
        using var taken = WorkerLock.TryTake(folder);
        if (taken is null)
        {
            Console.Error.WriteLine("Another worker has the job.");
            return BusyExitCode;
        }

        GiveWay();
        using var control = new WorkerControl(Console.OpenStandardInput());
        var output = new TrainerOutput(Console.OpenStandardOutput());
        var order = WorkerOrder.TryRead(folder) ?? throw new InvalidOperationException($"{WorkerOrder.FileName} is missing.");
        return order.Program is null ? BuiltInTraining.Run(order, folder, control, output) : ExternalTraining.Run(order, folder, control, output);
    }

    /// <summary>To what answers callers on this machine: threads that are made from here on take the main thread's priority.</summary>
    private static void GiveWay()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            // Then it competes as an equal.
        }
    }
}
