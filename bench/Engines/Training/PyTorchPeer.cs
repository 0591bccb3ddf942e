using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace RagPlatform.Bench.Engines.Training;

/// <summary>Debian's python3-torch in a process of its own, which waits between requests, at its best settings.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private readonly Process _python;

    /// <param name="threads">That it may use.</param>
    /// <param name="libraries">Folders with an OpenMP OpenBLAS, for LD_LIBRARY_PATH; null for the system's own BLAS.</param>
    public PyTorchPeer(int threads, string? libraries)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Training", "pytorch_encoder.py"), count])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        start.Environment["OMP_NUM_THREADS"] = count;
        if (libraries is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = libraries;
        }
        _python = Process.Start(start)!;
    }

    /// <summary>How long so many steps took.</summary>
    public TrainingTime Time(TrainingCase training, int steps)
    {
        _python.StandardInput.WriteLine(JsonSerializer.Serialize(new
        {
            mode = training.Mode, dropout = training.Dropout, rank = training.Rank, batch = training.Batch, tokens = training.Tokens, steps,
        }));
        _python.StandardInput.Flush();
        var answer = _python.StandardOutput.ReadLine() ?? throw new InvalidOperationException("python3 ended; is python3-torch installed?");
        using var json = JsonDocument.Parse(answer);
        return new TrainingTime(json.RootElement.GetProperty("seconds").GetDouble(), json.RootElement.GetProperty("processorSeconds").GetDouble());
    }

    public void Dispose()
    {
        _python.StandardInput.Close();
        _python.WaitForExit();
        _python.Dispose();
    }
}
