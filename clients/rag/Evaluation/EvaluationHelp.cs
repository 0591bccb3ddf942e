namespace RagPlatform.CommandLine.Evaluation;

internal static class EvaluationHelp
{
    /// <summary>What the input files must look like, said after every mistake in one.</summary>
    public const string Formats =
        "corpus.jsonl: {\"_id\", \"title\", \"text\"}; queries.jsonl: {\"_id\", \"text\"}; qrels.tsv: query-id, corpus-id and score, separated by tabs; "
        + "a file of questions: {\"question\", \"documents\": [id, ...]}.";
}
