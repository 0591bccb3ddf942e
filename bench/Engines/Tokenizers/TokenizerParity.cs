using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using RagPlatform.Tokenization;

namespace RagPlatform.Bench.Engines.Tokenizers;

/// <summary>Every line through our tokenizer and npm's @huggingface/tokenizers: how many lines get other ids, and how fast both are.</summary>
internal static class TokenizerParity
{
    private const int MaxShown = 5;

    /// <param name="linesPath">JSON Lines: a string each, or an object with a text.</param>
    /// <param name="peerFolder">Where npm i @huggingface/tokenizers was done.</param>
    public static void Run(string folder, string linesPath, string peerFolder, int maxLines)
    {
        var texts = File.ReadLines(linesPath).Where(line => line.Length > 0).Take(maxLines).Select(Text).ToArray();
        using var file = File.OpenRead(Path.Combine(folder, "tokenizer.json"));
        var tokenizer = JsonTokenizer.Read(file);
        var begin = Stopwatch.GetTimestamp();
        var ours = texts.Select(text => tokenizer.Tokenize(text, SpecialTokens.Recognized)).ToArray();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;

        var (theirs, peer) = RunPeer(folder, texts, peerFolder);
        var different = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            if (!ours[i].Ids.AsSpan().SequenceEqual(theirs[i]) && ++different <= MaxShown)
            {
                Show(tokenizer, texts[i], ours[i], theirs[i]);
            }
        }

        var tokens = ours.Sum(text => (long)text.Count);
        Console.WriteLine($"| {Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))} | {texts.Length} | {tokens} | {different} | {tokens / seconds:0} | {peer} |");
    }

    private static string Text(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.ValueKind == JsonValueKind.String ? json.RootElement.GetString()! : json.RootElement.GetProperty("text").GetString()!;
    }

    private static (int[][] Ids, string Summary) RunPeer(string folder, string[] texts, string peerFolder)
    {
        var work = Directory.CreateTempSubdirectory("rag-tokenizers-").FullName;
        try
        {
            var (lines, output) = (Path.Combine(work, "lines.jsonl"), Path.Combine(work, "ids.jsonl"));
            File.WriteAllLines(lines, texts.Select(text => JsonSerializer.Serialize(text)));
            var script = Path.Combine(peerFolder, "peer.mjs");
            File.Copy("bench/Engines/Tokenizers/peer.mjs", script, overwrite: true);
            using var node = Process.Start(new ProcessStartInfo("node", [script, Path.GetFullPath(folder), lines, output]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var summary = node.StandardOutput.ReadToEnd().Trim();
            node.WaitForExit();
            return (File.ReadLines(output).Select(line => JsonSerializer.Deserialize<int[]>(line)!).ToArray(), summary);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Show(JsonTokenizer tokenizer, string text, TokenizedText ours, int[] theirs)
    {
        var at = 0;
        while (at < ours.Count && at < theirs.Length && ours.Ids[at] == theirs[at])
        {
            at++;
        }

        var place = at < ours.Count ? ours.Starts[at] : text.Length;
        var around = text[Math.Max(0, place - 20)..Math.Min(text.Length, place + 20)];
        Console.WriteLine($"token {at} at {place}: {JsonSerializer.Serialize(around)} ours {Spell(ours.Ids)} theirs {Spell(theirs)}");

        string Spell(int[] ids) => JsonSerializer.Serialize(ids.Skip(at).Take(5).Select(id => $"{id} {tokenizer.Decode([id])}"), Readable);
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
