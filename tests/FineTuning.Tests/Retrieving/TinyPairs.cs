using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Tests.Loop;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Tests.Retrieving;

/// <summary>Questions on topics, and one passage for each that answers them; the fillers say nothing.</summary>
internal static class TinyPairs
{
    /// <summary>Every topic is in every part, with other fillers.</summary>
    public static TrainingSet Set() => new(Pairs(1, 2, 3, 5), Pairs(7), Pairs(11));

    public static TrainingRun Run(MemoryFiles model, MemoryFiles result, IReadOnlyDictionary<string, string>? hyperParameters = null) =>
        new(model, "tiny", Set(), hyperParameters ?? Knobs(), Seed: 5, Threads: 2)
        {
            Checkpoints = new MemoryCheckpointStore(),
            Observer = new RecordingObserver(),
            CreateFile = result.Create,
            Corpus = [.. Enumerable.Range(0, TinyEncoder.Topics).Select(topic => $"{TinyEncoder.Word("filler", topic)} {TinyEncoder.Word("filler", topic / 2)}")],
        };

    public static Dictionary<string, string> Knobs(params (string Name, string Value)[] others)
    {
        var knobs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["epochs"] = "15", ["batch_size"] = "8", ["learning_rate"] = "0.02", ["base_share"] = "0", ["dropout"] = "0", ["positive_share"] = "2", ["false_negative_margin"] = "2",
        };
        foreach (var (name, value) in others)
        {
            knobs[name] = value;
        }
        return knobs;
    }

    public static string Query(int topic, int filler) => $"{TinyEncoder.Word("ask", topic)} {TinyEncoder.Word("filler", filler)}";

    public static string Passage(int topic) => $"{TinyEncoder.Word("filler", TinyEncoder.Topics - 1 - topic)} {TinyEncoder.Word("answer", topic)}";

    private static PairExample[] Pairs(params int[] strides) =>
    [
        .. from stride in strides
           from topic in Enumerable.Range(0, TinyEncoder.Topics)
           let filler = (topic * stride + stride) % TinyEncoder.Topics
           select new PairExample(1, "", Query(topic, filler), Passage(topic), []),
    ];
}
