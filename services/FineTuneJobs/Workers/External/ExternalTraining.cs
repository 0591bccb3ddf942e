using System.ComponentModel;
using System.Diagnostics;
using RagPlatform.FineTuneJobs.Datasets;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.BuiltIn;
using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.External;

/// <summary>A worker that has another program train: it writes the program's files, passes the lines between it and the service, and ends it with all that it started.</summary>
internal static class ExternalTraining
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(5);

    /// <returns>The program's exit code.</returns>
    public static int Run(WorkerOrder order, string folder, WorkerControl control, TrainerOutput output)
    {
        TrainingSet data;
        try
        {
            data = JobData.Read(order.Files, order.Spec.Data.Split, control.Cancelled);
        }
        catch (TrainingException exception)
        {
            output.Failed(new JobFailure(exception.Code, exception.Problem, exception.Remedy));
            return 0;
        }

        output.Used(RunFacts.Of(order, data, order.BaseModelFolder.Length > 0 ? new BaseModelFolder(order.Spec.BaseModel, order.BaseModelFolder) : null));
        ExternalFiles.Write(order, data, folder);
        var program = order.Program!;
        Process? process;
        try
        {
            process = Process.Start(StartInfo(program, folder))!;
        }
        catch (Win32Exception exception)
        {
            output.Failed(JobFailures.CommandUnusable($"FineTuneJobs:Commands:{program.Name}: {program.Executable} cannot be started: {exception.Message}"));
            return 0;
        }

        using (process)
        {
            return Relay(program, process, control, output);
        }
    }

    private static ProcessStartInfo StartInfo(ExternalProgram program, string folder) => new(program.Executable, program.Arguments)
    {
        // Standard error is the worker's own, which the service reads.
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
        CreateNoWindow = true,
        WorkingDirectory = folder,
    };

    private static int Relay(ExternalProgram program, Process process, WorkerControl control, TrainerOutput output)
    {
        control.WhenAlone(() => Kill(process));
        control.WhenTold(type => Tell(process, type));
        if (control.IsPauseRequested)
        {
            Tell(process, "pause");
        }

        using var killing = control.Cancelled.Register(() => _ = KillLaterAsync(process));
        var relaying = RelayAsync(process, output);
        if (!process.WaitForExit(TimeSpan.FromMinutes(program.TimeLimitMinutes)))
        {
            Kill(process);
            output.Failed(JobFailures.TimedOut(program.TimeLimitMinutes / 60.0, $"FineTuneJobs:Commands:{program.Name}:TimeLimitMinutes"));
        }

        // A child of its own may hold the output open for longer.
        relaying.Wait(OutputPatience);
        return process.ExitCode;
    }

    private static async Task RelayAsync(Process process, TrainerOutput output)
    {
        try
        {
            await foreach (var line in BoundedLines.ReadAsync(process.StandardOutput.BaseStream, TrainerLines.MaxLineBytes, CancellationToken.None))
            {
                output.Relay(line);
            }
        }
        catch (ProtocolException exception)
        {
            output.Failed(JobFailures.ProtocolBroken(exception.Message));
            Kill(process);
        }
    }

    private static void Tell(Process process, string type)
    {
        try
        {
            process.StandardInput.WriteLine($$"""{"type":"{{type}}"}""");
            process.StandardInput.Flush();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended, or reads no input.
        }
    }

    private static async Task KillLaterAsync(Process process)
    {
        await Task.Delay(CancelPatience);
        Kill(process);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is over already, or its last child just ended.
        }
    }
}
