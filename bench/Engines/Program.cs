using RagPlatform.Bench.Engines.Corpus;
using RagPlatform.Bench.Engines.Crash;
using RagPlatform.Bench.Engines.Decoders;
using RagPlatform.Bench.Engines.DecoderTraining;
using RagPlatform.Bench.Engines.Encoders;
using RagPlatform.Bench.Engines.Formats;
using RagPlatform.Bench.Engines.Lexical;
using RagPlatform.Bench.Engines.Storage;
using RagPlatform.Bench.Engines.Tokenizers;
using RagPlatform.Bench.Engines.Training;
using RagPlatform.Bench.Engines.Vectors;
using RagPlatform.Ingestion.Extraction;

const string Usage = """
    usage: corpus DOCUMENTS MODEL OUT [CHUNKS]      cut and embed documents as the platform does: OUT.jsonl and OUT.f32, for the other benches
    example: dotnet run -c Release --project bench/Engines -- corpus docs.jsonl.gz models/all-MiniLM-L6-v2 corpus/load 120000
           lexical CHUNKS [QUESTIONS]               BM25 beside Xapian and SQLite FTS5 on OUT.jsonl of corpus
    example: dotnet run -c Release --project bench/Engines -- lexical corpus/load.jsonl 1000 > bench/results/lexical.md
           vectors FILE DIMENSION [ROWS]            HNSW beside hnswlib: FILE holds little-endian fp32 rows of unit length
    example: dotnet run -c Release --project bench/Engines -- vectors corpus/load.f32 384 > bench/results/vectors.md
           storage CORPUS CHUNKS                    fill an index on disk and open it again; CORPUS is OUT of corpus
    example: dotnet run -c Release --project bench/Engines -- storage corpus/load 100000 > bench/results/storage.md
           crash [KILLS]                            kill -9 at random moments of writes to an index, and what is found afterwards
    example: dotnet run -c Release --project bench/Engines -- crash 100 > bench/results/crash.md
           encoders MODEL CHUNKS PEER [ROUNDS]      the encoder beside ONNX Runtime: CHUNKS is OUT.jsonl of corpus; in PEER: npm i onnxruntime-node@1.30.0 --ignore-scripts
    example: dotnet run -c Release --project bench/Engines -- encoders models/all-MiniLM-L6-v2 corpus/load.jsonl peers 5 > bench/results/encoders.md
           precision MODEL SET,SET,...              nDCG@10 of the vectors alone in fp32 and in mixed precision; a SET is a folder in BEIR's form
    example: dotnet run -c Release --project bench/Engines -- precision models/all-MiniLM-L6-v2 retrieval/cisi,retrieval/scifact-train > bench/results/precision.md
           tokenizers FOLDERS LINES PEER [COUNT]    ids of our tokenizers (FOLDER,FOLDER,... with a tokenizer.json) and of npm's, installed in PEER, line by line
    example: dotnet run -c Release --project bench/Engines -- tokenizers models/gpt2,models/llama3 docs.jsonl.gz peers 100000
           decoders [ROUNDS [THREADS [bursts]]]     prefill and decode beside libllama from npm, the same random weights on both sides; bursts on a busy machine
    example: dotnet run -c Release --project bench/Engines -- decoders 5 2,1 > bench/results/decoders.md
           training MODEL [ROUNDS [THREADS [LIBRARIES]]]  the encoder's training beside python3-torch; LIBRARIES hold an OpenMP OpenBLAS where the system's BLAS is another
    example: dotnet run -c Release --project bench/Engines -- training models/all-MiniLM-L6-v2 5 2 > bench/results/training.md
           decoder-training PYTHON [ROUNDS [THREADS [SHAPE]]]  LoRA steps beside PyTorch 1.13 of PYTHON, the same weights on both sides; SHAPE: 6.8M or 135M alone
    example: dotnet run -c Release --project bench/Engines -- decoder-training /usr/bin/python3 9 2,1 > bench/results/decoder-training.md
           formats FOLDER [TEXTS]                   a row for each file: what is read of it, how fast, here and in a worker, or why not; its text is written to TEXTS
    example: dotnet run -c Release --project bench/Engines -- formats files > bench/results/formats.md
    """;

if (ExtractionWorker.TryRun(args))
{
    return 0;
}

switch (args)
{
    case ["formats", var files, .. var rest]:
        return await FormatsBench.RunAsync(files, rest is [var textsFolder] ? textsFolder : null, Console.Out);
    case ["corpus", var documents, var model, var output, .. var rest]:
        CorpusWriter.Write(documents, model, output, rest is [var chunks] ? Number(chunks) : int.MaxValue);
        return 0;
    case ["vectors", var file, var dimension, .. var rest]:
        return VectorsBench.Run(file, Number(dimension), rest is [var rows] ? Number(rows) : int.MaxValue, Console.Out);
    case ["storage", var prepared, var toWrite]:
        return await StorageBench.RunAsync(prepared, Number(toWrite), Console.Out);
    case ["crash", .. var rest]:
        return await CrashBench.RunAsync(rest is [var kills] ? Number(kills) : 100, Console.Out);
    case [CrashRun.LoadVerb, var folder, var round]:
        return await CrashLoad.RunAsync(folder, Number(round), Console.Out);
    case ["tokenizers", var folders, var lines, var peer, .. var rest]:
        var texts = TextLines.Read(lines, rest is [var count] ? Number(count) : int.MaxValue);
        Console.WriteLine(TokenizerParity.Head);
        foreach (var folder in folders.Split(','))
        {
            TokenizerParity.Run(folder, texts, new NpmPeer(peer), Console.Out);
        }

        return 0;
    case ["decoders", .. var rest]:
        return DecodersBench.Run(
            rest is [var rounds, ..] ? Number(rounds) : 5, rest is [_, var counts, ..] ? [.. counts.Split(',').Select(Number)] : [2, 1],
            rest is [_, _, "bursts"], Console.Out);
    case ["decoder-training", var python, .. var rest]:
        return DecoderTrainingBench.Run(
            python, rest is [var steps, ..] ? Number(steps) : 9, rest is [_, var workers, ..] ? [.. workers.Split(',').Select(Number)] : [2, 1], rest is [_, _, var shape] ? shape : "", Console.Out);
    case ["encoders", var encoder, var corpus, var peers, .. var rest]:
        using (var bench = new EncodersBench(encoder, corpus, peers, rest is [var turns] ? Number(turns) : 5, Console.Out))
        {
            bench.Run();
        }

        return 0;
    case ["training", var trained, .. var rest]:
        new TrainingBench(
            trained, rest is [var times, ..] ? Number(times) : 5, rest is [_, var together, ..] ? Number(together) : 2, rest is [_, _, var libraries] ? libraries : null, Console.Out).Run();
        return 0;
    case ["precision", var embedder, var judged]:
        return PrecisionBench.Run(embedder, judged.Split(','), Console.Out);
    case ["lexical", var chunksFile, .. var rest]:
        LexicalBench.Run(chunksFile, rest is [var questions] ? Number(questions) : 1000, Console.Out);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
