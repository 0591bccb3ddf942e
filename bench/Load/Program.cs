using RagPlatform.Bench.Load;
using RagPlatform.Bench.Load.Chaos;
using RagPlatform.Bench.Load.Embed;
using RagPlatform.Bench.Load.Fairness;
using RagPlatform.Bench.Load.Hostile;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Bench.Load.Search;
using RagPlatform.Bench.Load.Swap;
using RagPlatform.Bench.Load.Update;
using RagPlatform.Bench.Load.Watch;
using RagPlatform.Transformers;

if (args is ["chaos", _, ..])
{
    return await ChaosLoad.RunAsync(ChaosPlan.Of(args.AsSpan(1))) ? 0 : 1;
}

if (args is not [var command, var gateway, var key, ..])
{
    Console.Error.WriteLine("""
        usage: drop GATEWAY KEY AMQP [COUNT]               time from drop to searchable, one document at a time
               ask  GATEWAY KEY [CHUNKS] [QUESTIONS]       the platform's own share of an Ask, everything but the model
               search CORPUS AMQP MODELS [CHUNKS...]       hybrid searches by 8 clients on collections of these sizes; starts its own services
               swap DOCUMENTS AMQP MODEL [COUNT] [LAYERS] [LAYERS_AFTER | chunks:TOKENS]
                      a collection gets another model (or chunking) while 8 clients search it and Retrieval is killed; starts its own
                      services; models are MODEL with its first layers alone, 2 and then 1 unless said
               ingest DOCUMENTS AMQP MODEL [--documents N] [--trivial]
                      documents through RabbitMQ beside the bare engine: what is lost, twice, chunks/s, processor time and memory of every process;
                      starts its own services, wants a broker of its own; --trivial: a table of random numbers in the place of MODEL
               fairness DOCUMENTS AMQP MODEL [--documents N] [--drops]
                      one tenant sends the documents, meanwhile others send one each: seconds until a search finds that; by calls, or through
                      rag.documents (--drops); starts its own services
               update DOCUMENTS AMQP MODEL [--documents PAGES]
                      a document of 500 pages is updated by one word, in several places: chunks embedded again, and seconds; starts its own services
               hostile FILES AMQP MODEL [CASES] [SEED]     damaged and hostile files through all of ingestion: each indexed or failed with a reason; starts its own
               chaos MODEL [--documents N] [--minutes N] [--seed N]
                      documents of mixed operations while services and broker are killed, paused and cut off and the disk is full: what is lost,
                      twice or orphaned at the end; starts its own services and broker; the disk is left out without root
               watch MODELS EDITS [SEED]                   random edits of a folder under rag watch, then folder and collection compared; starts its own;
                      MODELS: the folder with all-MiniLM-L6-v2
               embed TEXTS MODEL [Mixed|Full]              the embedding service under callers, beside the bare engine, and under overload; starts its own
               embed-memory TEXTS MODEL [MINUTES] [Mixed|Full]   its memory under load;
                      TEXTS: JSON lines with "text", or a folder of .jsonl, .md or .txt files; MODEL: the model's folder
        example: dotnet run -c Release --project bench/Load -- ask http://127.0.0.1:7600 dev 10000 200
        """);
    return 2;
}

if (command == "watch")
{
    return await WatchLoad.RunAsync(args[1], Number(2, 1_000), Number(3, 1)) ? 0 : 1;
}

if (command == "embed")
{
    var bench = new EmbedBench(args[1], args[2], Precision(3));
    await bench.CompareAsync();
    await bench.OverloadAsync();
    return 0;
}

if (command == "embed-memory")
{
    await new EmbedBench(args[1], args[2], Precision(4)).WatchMemoryAsync(args.Length > 3 ? double.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 10);
    return 0;
}

if (command == "search" && args.Length >= 4)
{
    var sizes = args.Length > 4 ? args[4..].Select(size => int.Parse(size, System.Globalization.CultureInfo.InvariantCulture)).ToArray() : [1_000, 10_000, 100_000];
    await SearchLoad.RunAsync(args[1], new Uri(args[2]), args[3], sizes);
    return 0;
}

if (command == "fairness" && args.Length >= 4)
{
    var isDropped = args.Contains("--drops");
    return await FairnessLoad.RunAsync(IngestPlan.Of(args.Where(arg => arg != "--drops").ToArray().AsSpan(1)), isDropped) ? 0 : 1;
}

if (command == "update" && args.Length >= 4)
{
    await UpdateLoad.RunAsync(IngestPlan.Of(args.AsSpan(1)));
    return 0;
}

if (command == "ingest" && args.Length >= 4)
{
    return await IngestLoad.RunAsync(IngestPlan.Of(args.AsSpan(1))) ? 0 : 1;
}

if (command == "hostile" && args.Length >= 4)
{
    return await HostileLoad.RunAsync(HostilePlan.Of(args.AsSpan(1))) ? 0 : 1;
}

if (command == "swap" && args.Length >= 4)
{
    return await SwapLoad.RunAsync(SwapPlan.Of(args[1..])) ? 0 : 1;
}

using var target = new Target(gateway, key);
switch (command)
{
    case "drop" when args.Length >= 4:
        await DropLatency.RunAsync(target, new Uri(args[3]), Number(4, 50));
        return 0;
    case "ask":
        await AskShare.RunAsync(target, Number(3, 10_000), Number(4, 200));
        return 0;
    default:
        Console.Error.WriteLine($"command: '{command}' with {args.Length - 1} arguments is unknown; run without arguments for help.");
        return 2;
}

int Number(int position, int otherwise) =>
    args.Length > position ? int.Parse(args[position], System.Globalization.CultureInfo.InvariantCulture) : otherwise;

WeightPrecision Precision(int position) => args.Length > position ? Enum.Parse<WeightPrecision>(args[position]) : WeightPrecision.Mixed;
