using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RagPlatform.Tokenization;

namespace RagPlatform.Bench.Engines.Tokenizers;

/// <summary>Every line through our tokenizer and one from npm: how many lines get other ids, and how many tokens a second of processor time gives on one thread.</summary>
internal static class TokenizerParity
{
    private const int MaxShown = 5;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Head = "| vocabulary | tokenizer | peer | lines | tokens | lines that differ | ours, tokens/CPU s | peer, tokens/CPU s | ratio |\n|---|---|---|---|---|---|---|---|---|";

    /// <param name="folder">Holds a tokenizer.json, and perhaps a vocab.txt, which is then read as well.</param>
    /// <param name="texts">Lines of text.</param>
    /// <param name="peer">Runs the tokenizers from npm.</param>
    public static void Run(string folder, IReadOnlyList<string> texts, NpmPeer peer, TextWriter output)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        using var file = File.OpenRead(Path.Combine(folder, "tokenizer.json"));
        var json = JsonTokenizer.Read(file);
        var ours = new List<(string Name, int[][] Ids, double Seconds)> { Measure("tokenizer.json", text => json.Tokenize(text, SpecialTokens.Recognized), texts) };
        if (File.Exists(Path.Combine(folder, "vocab.txt")))
        {
            using var vocabulary = File.OpenText(Path.Combine(folder, "vocab.txt"));
            var wordPiece = WordPieceTokenizer.FromVocabulary(vocabulary);
            ours.Add(Measure("vocab.txt", text => wordPiece.Tokenize(text), texts));
        }

        foreach (var package in NpmPeer.Packages)
        {
            var (theirs, peerSeconds) = peer.Tokenize(package, folder, texts);
            foreach (var (kind, ids, seconds) in ours)
            {
                var different = Enumerable.Range(0, texts.Count).Where(i => !ids[i].AsSpan().SequenceEqual(theirs[i])).ToArray();
                foreach (var i in different.Take(MaxShown))
                {
                    Show(json, texts[i], ids[i], theirs[i]);
                }

                var (tokens, peerTokens) = (ids.Sum(line => (long)line.Length), theirs.Sum(line => (long)line.Length));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {kind} | {package} | {texts.Count} | {tokens} | {different.Length} | {tokens / seconds:0} | {peerTokens / peerSeconds:0} | {tokens / seconds / (peerTokens / peerSeconds):0.0} |"));
            }
        }
    }

    private static (string Name, int[][] Ids, double Seconds) Measure(string name, Func<string, TokenizedText> tokenize, IReadOnlyList<string> texts)
    {
        foreach (var text in texts.Take(texts.Count / 10))
        {
            tokenize(text);
        }

        var begin = Environment.CpuUsage.TotalTime;
        var ids = texts.Select(text => tokenize(text).Ids).ToArray();
        return (name, ids, (Environment.CpuUsage.TotalTime - begin).TotalSeconds);
    }

    private static void Show(JsonTokenizer tokenizer, string text, int[] ours, int[] theirs)
    {
        var at = 0;
        while (at < ours.Length && at < theirs.Length && ours[at] == theirs[at])
        {
            at++;
        }

        Console.Error.WriteLine($"token {at} of {JsonSerializer.Serialize(text.Length > 200 ? text[..200] : text)}: ours {Spell(ours)} theirs {Spell(theirs)}");

        string Spell(int[] ids) => JsonSerializer.Serialize(ids.Skip(at).Take(5).Select(id => $"{id} {tokenizer.Decode([id])}"), Readable);
    }
}
