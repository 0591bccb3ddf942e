using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RagPlatform.Bench.Engines.Encoders;

/// <summary>npm's onnxruntime-node in a process of its own, which waits between requests.</summary>
internal sealed class OnnxRuntimePeer : IDisposable
{
    private readonly Process _node;

    /// <param name="folder">Where npm i onnxruntime-node was done.</param>
    public OnnxRuntimePeer(string folder)
    {
        var script = Path.Combine(folder, "onnxruntime.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Encoders", "onnxruntime.mjs"), script, overwrite: true);
        _node = Process.Start(new ProcessStartInfo("node", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }

    /// <summary>How long the batches took.</summary>
    public double Seconds(string model, int threads, string batches, string? output = null)
    {
        _node.StandardInput.WriteLine(JsonSerializer.Serialize(new { model, threads, batches, @out = output }));
        _node.StandardInput.Flush();
        var answer = _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"node ended: {_node.ExitCode}.");
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("seconds").GetDouble();
    }

    /// <summary>All vectors of the batches, one after the other.</summary>
    public float[] Vectors(string model, string batches, string work)
    {
        var output = Path.Combine(work, "vectors.f32");
        Seconds(model, 1, batches, output);
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output)).ToArray();
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _node.Dispose();
    }
}
