using System.Diagnostics;
using System.Globalization;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Tests.Decoding;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.Bench.Quality.DecoderTuning;

/// <summary>stories260K, fine-tuned on 500 generated conversations, beside its base on others that it has not seen.</summary>
/// <param name="stories">Folder with stories260K.bin and tok512.bin.</param>
/// <param name="output">A table in Markdown.</param>
/// <param name="log">What goes on.</param>
internal sealed class DecoderTuningBench(string stories, TextWriter output, TextWriter log)
{
    private const int Training = 500;
    private const int Validation = 100;
    private const int Test = 200;
    private const int Threads = 2;

    private static readonly string[] Metrics = ["perplexity", "token_accuracy", "exact_match", "refusal_kept", "latency_p50_ms", "bytes"];

    /// <param name="seeds">Of the training; the data is the same.</param>
    /// <param name="result">Folder for the adapters.</param>
    public void Run(IReadOnlyList<ulong> seeds, string result)
    {
        var chats = GeneratedChats.Make(Training + Validation + Test, seed: 20261120);
        var data = new TrainingSet([.. chats.Take(Training)], [.. chats.Skip(Training).Take(Validation)], [.. chats.Skip(Training + Validation)]);
        var first = (ChatExample)data.Training[0];
        output.WriteLine($"""
            # Fine-tuning a decoder

            stories260K (260,000 parameters, the largest decoder with real weights that can be had here) on {Training} conversations made from a seed,
            such as "{first.Messages[0].Content}" – "{first.Messages[1].Content}"; a fifth asks for what nobody has, and is refused. {Validation} others stop the
            training, {Test} more are judged: the same conversation is never in two parts. Hyper-parameters are the trainer's own ("auto"), but for epochs.
            Base and adapter are judged by the inference engine, the adapter as it was read back from adapter_config.json and
            adapter_model.safetensors; perplexity and token accuracy are of the answers' tokens, exact match and refusals of the answers that the model
            itself writes to {Test} conversations. {Threads} threads, latency on a machine that other work shares.

            `dotnet run -c Release --project bench/Quality -- decoder-tuning models/stories260K tuned 1,2,3 > bench/results/finetune-decoder.md`

            | trained | seed | system | perplexity | token accuracy | exact match | refusal kept | latency p50, ms | bytes | training, s |
            |---|---|---|---|---|---|---|---|---|---|
            """);
        foreach (var method in new[] { "lora", "full" })
        {
            foreach (var seed in seeds)
            {
                Train(method, seed, data, Path.Combine(result, $"{method}-{seed}"));
            }
        }
    }

    private void Train(string method, ulong seed, TrainingSet data, string folder)
    {
        Directory.CreateDirectory(folder);
        var begin = Stopwatch.GetTimestamp();
        var observer = new Observer(log);
        var hyperParameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["tuning"] = method, ["epochs"] = "20", ["evaluation_examples"] = Test.ToString(CultureInfo.InvariantCulture),
        };
        var model = StoriesFolder.Read(stories);
        var outcome = new DecoderTrainer().Train(
            new TrainingRun(model, "stories260K", data, hyperParameters, seed, Threads)
            {
                Checkpoints = new MemoryCheckpointStore(), Observer = observer, CreateFile = name => File.Create(Path.Combine(folder, name)),
            },
            CancellationToken.None);
        var seconds = observer.TrainingEnded is { } end ? Stopwatch.GetElapsedTime(begin, end).TotalSeconds : 0;
        foreach (var row in outcome.Rows)
        {
            var cells = Metrics.Select(name => row.Metrics.TryGetValue(name, out var value) ? Text(name, value) : "");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {method} | {seed} | {row.System} | {string.Join(" | ", cells)} | {(row.System == "adapter" ? $"{seconds:0}" : "")} |"));
        }

        output.Flush();
        log.WriteLine(string.Join(", ", outcome.HyperParameters.Select(pair => $"{pair.Key}={pair.Value}")));
        AskBoth(method, model, folder, [((ChatExample)data.Test[0]).Messages[0]]);
    }

    /// <summary>What was written is loaded as a service would, and asked.</summary>
    private void AskBoth(string method, StoriesFolder model, string folder, IReadOnlyList<ChatTurn> turns)
    {
        var files = new DirectoryModelFiles(folder);
        var tuned = method == "full" ? DecoderModel.Load(files, null) : DecoderModel.Load(model, files);
        log.WriteLine($"{turns[0].Content}\n  tuned: {tuned.Answer(turns, null, 40, Threads, CancellationToken.None)}");
    }

    private static string Text(string name, double value) => value.ToString(
        name switch { "bytes" => "#,0", "latency_p50_ms" => "0.0", _ => "0.000" }, CultureInfo.InvariantCulture);

    private sealed class Observer(TextWriter log) : ITrainingObserver
    {
        public long? TrainingEnded { get; private set; }

        public bool IsPauseRequested => false;

        public void Progressed(TrainingProgress progress) => TrainingEnded = Stopwatch.GetTimestamp();

        public void Measured(string name, long step, double value)
        {
            if (name.StartsWith("validation", StringComparison.Ordinal))
            {
                log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step} {name} {value:0.0000}"));
            }
        }

        public void Said(string message) => log.WriteLine(message);
    }
}
