using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace RagPlatform.Bench.Engines.Tokenizers;

/// <summary>Runs tokenizers from npm.</summary>
/// <param name="folder">Where npm install tokenizers @huggingface/tokenizers was done.</param>
internal sealed class NpmPeer(string folder)
{
    /// <summary>Hugging Face's in Rust, which is the reference, and theirs in JavaScript.</summary>
    public static IReadOnlyList<string> Packages { get; } = ["tokenizers", "@huggingface/tokenizers"];

    public (int[][] Ids, double Seconds) Tokenize(string package, string tokenizerFolder, IReadOnlyList<string> texts)
    {
        var work = Directory.CreateTempSubdirectory("rag-tokenizers-").FullName;
        try
        {
            var (lines, output) = (Path.Combine(work, "lines.jsonl"), Path.Combine(work, "ids.jsonl"));
            File.WriteAllLines(lines, texts.Select(text => JsonSerializer.Serialize(text)));
            var script = Path.Combine(folder, "peer.mjs");
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Tokenizers", "peer.mjs"), script, overwrite: true);
            var start = new ProcessStartInfo("node", [script, package, Path.GetFullPath(tokenizerFolder), lines, output])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment = { ["TOKENIZERS_PARALLELISM"] = "false" },
            };
            using var node = Process.Start(start)!;
            var seconds = double.Parse(node.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
            node.WaitForExit();
            return (File.ReadLines(output).Select(line => JsonSerializer.Deserialize<int[]>(line)!).ToArray(), seconds);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
