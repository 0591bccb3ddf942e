using System.Text.Json;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.Bench.Quality.Specialists;

/// <summary>
/// A set of utterances with their outputs as conversations, split into what is learnt, what is validated on and what judges.
/// What judges is held out from the published training part: the published tests are not looked at. The split has one seed,
/// so that all seeds of training are judged on the same texts.
/// </summary>
internal sealed record IntentSet(string Name, string Split, TrainingSet Data)
{
    private const ulong SplitSeed = 20_261_120;
    private const int MaxLines = 100_000;

    /// <summary>Out-of-scope texts of the training file that are validated on: the file that is called validation judges.</summary>
    private const int ValidatedOutOfScope = 30;

    /// <param name="folder">With banking77, clinc150 and snips-json.</param>
    /// <param name="name">One of them.</param>
    /// <exception cref="ArgumentException">Another name.</exception>
    public static IntentSet Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return name switch
        {
            "banking77" => Banking(path),
            "clinc150" => Clinc(path),
            "snips-json" => Snips(path),
            _ => throw new ArgumentException($"'{name}' is no set; banking77, clinc150 and snips-json are.", nameof(name)),
        };
    }

    private static IntentSet Banking(string path)
    {
        var (held, rest) = Divide(Lines(path, "train.jsonl"), 0.1, SplitSeed);
        var (validation, training) = Divide(rest, 1 / 9.0, SplitSeed + 1);
        return Of("banking77", "train.jsonl by label: 80% learnt, 10% validated on, 10% held out", training, validation, held);
    }

    private static IntentSet Clinc(string path)
    {
        var (held, training) = Divide(Lines(path, "train.jsonl"), 0.1, SplitSeed);
        var strange = Lines(path, "oos_train.jsonl");
        Utterance[] shuffled = [.. RandomSeed.Permutation(SplitSeed, strange.Length).Select(place => strange[place])];
        return Of(
            "clinc150", $"train.jsonl by label: 90% learnt, 10% held out; val.jsonl validated on; out of scope: oos_train.jsonl but {ValidatedOutOfScope} learnt, these validated on, oos_val.jsonl held out",
            [.. training, .. shuffled[ValidatedOutOfScope..]], [.. Lines(path, "val.jsonl"), .. shuffled[..ValidatedOutOfScope]], [.. held, .. Lines(path, "oos_val.jsonl")]);
    }

    private static IntentSet Snips(string path)
    {
        var (held, training) = Divide(Lines(path, "train.jsonl"), 0.054, SplitSeed);
        return Of("snips-json", "train.jsonl by intent: 94.6% learnt, 5.4% held out; dev.jsonl validated on", training, Lines(path, "dev.jsonl"), held);
    }

    private static IntentSet Of(string name, string split, Utterance[] training, Utterance[] validation, Utterance[] test) =>
        new(name, split, new TrainingSet(Conversations(training), Conversations(validation), Conversations(test)));

    private static TrainingExample[] Conversations(Utterance[] utterances) =>
        [.. utterances.Select(each => new ChatExample(each.Line, "", [new ChatTurn("user", each.Text, null, 1), new ChatTurn("assistant", each.Output, null, 1)], null))];

    /// <summary>A share of each label's utterances, at least one, and the others, both in the file's order.</summary>
    private static (Utterance[] Share, Utterance[] Others) Divide(Utterance[] utterances, double share, ulong seed)
    {
        var chosen = new HashSet<Utterance>(ReferenceEqualityComparer.Instance);
        foreach (var (number, label) in utterances.GroupBy(each => each.Label, StringComparer.Ordinal).OrderBy(label => label.Key, StringComparer.Ordinal).Index())
        {
            Utterance[] members = [.. label];
            var count = Math.Max(1, (int)Math.Round(share * members.Length));
            chosen.UnionWith(RandomSeed.Permutation(RandomSeed.Derive(seed, (ulong)number), members.Length).Take(count).Select(place => members[place]));
        }
        return ([.. utterances.Where(chosen.Contains)], [.. utterances.Where(each => !chosen.Contains(each))]);
    }

    private static Utterance[] Lines(string path, string file) =>
        [.. File.ReadLines(Path.Combine(path, file)).Take(MaxLines).Where(line => line.Length > 0).Select((line, i) => Utterance.Parse(line, i + 1))];

    private sealed record Utterance(int Line, string Text, string Label, string Output)
    {
        public static Utterance Parse(string json, int line)
        {
            using var document = JsonDocument.Parse(json);
            var text = document.RootElement.GetProperty("text").GetString()!;
            if (document.RootElement.TryGetProperty("json", out var output))
            {
                return new Utterance(line, text, output.GetProperty("intent").GetString()!, output.GetRawText());
            }
            var label = document.RootElement.GetProperty("label").GetString()!;
            return new Utterance(line, text, label, JsonSerializer.Serialize(new { intent = label }));
        }
    }
}
