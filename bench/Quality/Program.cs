using RagPlatform.Bench.Quality.ExtractiveAnswers;

// extractive-answers DATA_FOLDER [--fit]: how well the extractive answerer answers and abstains.
var model = Environment.GetEnvironmentVariable("RAG_TEST_MINILM");
if (args is not ["extractive-answers", var folder, ..])
{
    Console.Error.WriteLine("Usage: Quality extractive-answers FOLDER [--fit]   (FOLDER: corpus.jsonl and queries.jsonl in SQuAD 2.0's spirit; RAG_TEST_MINILM: the embedding model's folder)");
    return 2;
}

if (!Directory.Exists(folder) || !Directory.Exists(model))
{
    Console.WriteLine($"Skipped: {(Directory.Exists(folder) ? "RAG_TEST_MINILM names no folder with all-MiniLM-L6-v2" : $"the data folder '{folder}' is not there")}.");
    return 0;
}

new ExtractiveAnswersBench(QuestionData.Read(folder), new TextVectors(model), Console.Out).Run(fit: args.Contains("--fit"));
return 0;
