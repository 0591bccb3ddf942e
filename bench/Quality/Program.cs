using RagPlatform.Bench.Quality;
using RagPlatform.Bench.Quality.DecoderTuning;
using RagPlatform.Bench.Quality.ExtractiveAnswers;
using RagPlatform.Bench.Quality.Retrieval;
using RagPlatform.Bench.Quality.RetrieverTuning;
using RagPlatform.Bench.Quality.Specialists;
using RagPlatform.Bench.Quality.Static;
using RagPlatform.Client;
using RagPlatform.Transformers;

const string Usage = """
    usage: extractive-answers FOLDER [--fit]        how well the extractive answerer answers and abstains; FOLDER: corpus.jsonl and queries.jsonl in SQuAD 2.0's spirit; RAG_TEST_MINILM: the embedding model's folder
           retrieval FOLDER [--keep]                every set of FOLDER (BEIR) through the running platform; RAG_GATEWAY and RAG_KEY say where, else http://127.0.0.1:7600 and dev
    example: dotnet run -c Release --project bench/Quality -- retrieval data/retrieval > bench/results/retrieval.md
           retrieval-settings FOLDER PREPARED       the engine's settings over the same sets; PREPARED: SET.jsonl, SET.f32 (bench/Engines corpus) and SET.queries.f32
           static FOLDER PREPARED OTHER MODEL        a static model distilled from the encoder in MODEL, over the same sets; OTHER: chunks of other documents in PREPARED
    example: dotnet run -c Release --project bench/Quality -- static data/retrieval corpus load models/all-MiniLM-L6-v2
           retriever-tuning TUNED OTHERS MODEL RESULT [SEEDS] [NAME=VALUE ...]   a retriever tuned on the set in TUNED, before and after, on its other queries and on the sets OTHERS (with commas between); hyper-parameters by NAME
    example: dotnet run -c Release --project bench/Quality -- retriever-tuning data/retrieval/scifact-train data/retrieval/cisi,data/retrieval/cacm models/all-MiniLM-L6-v2 tuned 1,2,3 > bench/results/retriever-tuning.md
           decoder-tuning STORIES RESULT [SEEDS]     stories260K of llama2.c, in STORIES with its tok512.bin, fine-tuned on generated conversations, beside its base
    example: dotnet run -c Release --project bench/Quality -- decoder-tuning models/stories260K tuned 1,2,3 > bench/results/finetune-decoder.md
    """;

switch (args)
{
    case ["extractive-answers", var folder, .. var rest]:
        var model = Environment.GetEnvironmentVariable("RAG_TEST_MINILM");
        if (!Directory.Exists(folder) || !Directory.Exists(model))
        {
            Console.WriteLine($"Skipped: {(Directory.Exists(folder) ? "RAG_TEST_MINILM names no folder with all-MiniLM-L6-v2" : $"the data folder '{folder}' is not there")}.");
            return 0;
        }

        await new ExtractiveAnswersBench(QuestionData.Read(folder), new TextVectors(model), Console.Out).RunAsync(fit: rest.Contains("--fit"));
        return 0;
    case ["retrieval", var folder, .. var rest]:
        using (var client = new RagClient(new RagClientOptions
        {
            Address = new Uri(Environment.GetEnvironmentVariable("RAG_GATEWAY") ?? "http://127.0.0.1:7600"),
            ApiKey = Environment.GetEnvironmentVariable("RAG_KEY") ?? "dev",
        }))
        {
            await new ServiceBench(client, Console.Out, Console.Error).RunAsync(folder, rest.Contains("--keep"), CancellationToken.None);
        }

        return 0;
    case ["decoder-tuning", var stories, var tunedFolder, .. var rest]:
        new DecoderTuningBench(stories, Console.Out, Console.Error).Run(rest is [var numbers] ? [.. numbers.Split(',').Select(ulong.Parse)] : [1], tunedFolder);
        return 0;
    case ["retrieval-settings", var folder, var prepared]:
        await new SettingsBench(Console.Out, Console.Error).RunAsync(folder, prepared);
        return 0;
    case ["static", var folder, var prepared, var other, var encoder]:
        await new StaticBench(SentenceEncoder.Load(new DirectoryModelFiles(encoder)), Console.Out, Console.Error).RunAsync(folder, prepared, other);
        return 0;
    case ["retriever-tuning", var tuned, var others, var encoder, var result, .. var rest]:
        var seeds = rest.FirstOrDefault(word => !word.Contains('=', StringComparison.Ordinal))?.Split(',').Select(ulong.Parse).ToArray() ?? [1];
        var knobs = rest.Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        await new TuningBench(encoder, Console.Out, Console.Error).RunAsync(tuned, others.Split(','), seeds, knobs, result);
        return 0;
    case ["specialists", var data, var encoder, var result, var sets, .. var rest]:
        var runs = rest.FirstOrDefault(word => !word.Contains('=', StringComparison.Ordinal))?.Split(',').Select(ulong.Parse).ToArray() ?? [1];
        var settings = rest.Where(word => word.Contains('=', StringComparison.Ordinal)).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        await new SpecialistsBench(encoder, Console.Out, Console.Error).RunAsync(data, sets.Split(','), runs, settings, result, threads: 2);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
