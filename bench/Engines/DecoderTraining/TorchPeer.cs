using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Bench.Engines.DecoderTraining;

/// <summary>decoder_training.py in a process of its own, which rests while ours trains.</summary>
internal sealed class TorchPeer : IDisposable
{
    private const string Script = "decoder_training.py";

    private readonly Process process;

    private TorchPeer(Process process) => this.process = process;

    /// <param name="python">With PyTorch 1.13, such as /usr/bin/python3 of Debian.</param>
    /// <param name="folder">Model, adapter and batch.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="rate">Of AdamW.</param>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static TorchPeer Start(string python, string folder, int threads, double rate)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "DecoderTraining", Script), folder, threads.ToString(CultureInfo.InvariantCulture),
            rate.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(python, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        // Debian's OpenBLAS does not know this processor and would take its slowest kernels; threads that wait must not spin.
        start.Environment["OPENBLAS_CORETYPE"] = "SKYLAKEX";
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        var started = Process.Start(start)!;
        return started.StandardOutput.ReadLine() == "ready" ? new TorchPeer(started) : throw new InvalidOperationException($"{python} {Script} did not start.");
    }

    public (double Seconds, double Loss) Step()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine()?.Split(' ') is [var seconds, var loss]
            ? (double.Parse(seconds, CultureInfo.InvariantCulture), double.Parse(loss, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{Script} ended.");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
