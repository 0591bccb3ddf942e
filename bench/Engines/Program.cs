using RagPlatform.Bench.Engines.Corpus;

const string Usage = """
    usage: corpus DOCUMENTS MODEL OUT [CHUNKS]      cut and embed documents as the platform does: OUT.jsonl and OUT.f32, for the other benches
    example: dotnet run -c Release --project bench/Engines -- corpus docs.jsonl.gz models/all-MiniLM-L6-v2 corpus/load 120000
    """;

switch (args)
{
    case ["corpus", var documents, var model, var output, .. var rest]:
        CorpusWriter.Write(documents, model, output, rest is [var chunks] ? int.Parse(chunks, System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
