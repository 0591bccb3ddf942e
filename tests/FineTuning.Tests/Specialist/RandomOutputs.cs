using System.Text.Json.Nodes;
using RagPlatform.FineTuning.Specialist;

namespace RagPlatform.FineTuning.Tests.Specialist;

/// <summary>Examples of an output of random places: constants, labels, sets, parts of the text, numbers, lists, objects, each there always or not.</summary>
internal sealed class RandomOutputs
{
    private const int Examples = 90;

    private static readonly string[] Keys = ["a", "b", "a.b", "", "a.b.c", "c", "x y", "\"q\"", "ключ", "d[]", "b.c", "😀"];
    private static readonly string[] Labels = ["yes", "no", "it's \"so\"", "{}", "", "null", "c\\d", "été", "a.b", "😀"];
    private static readonly string[] Words =
    [
        "Rome", "new york", "Zürich", "日本", "x😀y", "o'clock", "step", "steps", "e.g.", "ABBA", "İzmir", "a", "ñandú", "(left)", "re-do", "👩‍🚀", "q1z", "ﬁne", "한국",
    ];

    private static readonly string[] Numbers = ["7", "12.5", "1,250", "-4", "0", "33", "20261120", "0.001"];

    private readonly Random random;

    private RandomOutputs(int seed) => random = new Random(seed);

    public static SpecialistExample[] Of(int seed)
    {
        var outputs = new RandomOutputs(seed);
        var root = outputs.random.Next(6) == 0 ? outputs.Leaf() : outputs.Object(depth: 2);
        return [.. Enumerable.Range(0, Examples).Select(line => outputs.Example(line + 1, root))];
    }

    private delegate bool Place(Sentence sentence, out JsonNode? value);

    private SpecialistExample Example(int line, Place root)
    {
        var sentence = new Sentence(random);
        root(sentence, out var value);
        return new SpecialistExample(line, sentence.Text, value?.ToJsonString() ?? "null");
    }

    private Place Object(int depth)
    {
        var keys = random.GetItems(Keys, 1 + random.Next(4)).Distinct(StringComparer.Ordinal).ToArray();
        var members = keys.Select(key => (Key: key, Place: SometimesMissing(depth > 0 && random.Next(3) == 0 ? Object(depth - 1) : Leaf()))).ToArray();
        return (Sentence sentence, out JsonNode? value) =>
        {
            var made = new JsonObject();
            foreach (var (key, place) in members)
            {
                if (place(sentence, out var below))
                {
                    made[key] = below;
                }
            }

            value = made;
            return true;
        };
    }

    private Place SometimesMissing(Place place)
    {
        var way = random.Next(4);
        return way > 1 ? place : (Sentence sentence, out JsonNode? value) =>
        {
            value = null;
            return random.Next(4) == 0 ? way == 1 : place(sentence, out value);
        };
    }

    private Place Leaf()
    {
        var labels = random.GetItems(Labels, 2 + random.Next(3)).Distinct(StringComparer.Ordinal).ToArray();
        string[] json = [.. random.GetItems<string>(["1", "-2.5", "true", "false", "\"1\"", "{}", "{\"z\":1,\"y\":[2]}", "[]", "\"w\""], 3)];
        var isNamed = random.Next(2) == 0;
        return random.Next(7) switch
        {
            0 => (Sentence _, out JsonNode? value) => Is(JsonNode.Parse(json[0]), out value),
            1 => (Sentence _, out JsonNode? value) => Is(labels[random.Next(labels.Length)], out value),
            2 => (Sentence _, out JsonNode? value) => Is(JsonNode.Parse(json[random.Next(json.Length)]), out value),
            3 => (Sentence _, out JsonNode? value) => Is(new JsonArray([.. labels.Where(_ => random.Next(2) == 0).Select(label => (JsonNode)label)]), out value),
            4 => (Sentence sentence, out JsonNode? value) => Is(sentence.Part(Words), out value),
            5 => (Sentence sentence, out JsonNode? value) => Is(JsonNode.Parse(sentence.Part(Numbers).Replace(",", "", StringComparison.Ordinal)), out value),
            _ => (Sentence sentence, out JsonNode? value) => Is(
                new JsonArray([.. sentence.Parts(Words, random.Next(4)).Select(part => isNamed
                    ? new JsonObject { ["kind"] = labels[random.Next(labels.Length)], ["always"] = 1, ["part.of"] = part }
                    : (JsonNode)part)]),
                out value),
        };
    }

    private static bool Is(JsonNode? made, out JsonNode? value)
    {
        value = made;
        return true;
    }

    /// <summary>Words and numbers, each at most once.</summary>
    private sealed class Sentence
    {
        private readonly Random random;
        private readonly string[] words;

        public Sentence(Random random)
        {
            this.random = random;
            words = [.. Words.Concat(Numbers)];
            random.Shuffle(words);
            Text = string.Join(random.Next(5) == 0 ? "  " : " ", words);
        }

        public string Text { get; }

        public string Part(string[] of) => words.Where(of.Contains).ElementAt(random.Next(of.Length));

        public IEnumerable<string> Parts(string[] of, int count) => words.Where(of.Contains).Take(count);
    }
}
