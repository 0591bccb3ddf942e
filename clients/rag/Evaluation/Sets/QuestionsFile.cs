using System.Globalization;
using System.Text.Json;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>The user's own questions, a line each: {"question": ..., "documents": [the ids of those that answer it]}.</summary>
internal static class QuestionsFile
{
    private const int MaxQuestions = 100_000;

    /// <returns>Queries named by their line numbers, without documents.</returns>
    public static JudgedSet Read(string path)
    {
        var queries = new List<JudgedQuery>();
        foreach (var line in InputLine.Read(path))
        {
            var json = line.Json();
            var gains = MarkedDocuments(line, json).ToDictionary(id => id, _ => 1.0, StringComparer.Ordinal);
            queries.Add(new JudgedQuery(
                line.Number.ToString(CultureInfo.InvariantCulture), line.RequiredText(json, "question", BeirFolder.MaxQueryCharacters), gains));
            if (queries.Count > MaxQuestions)
            {
                throw line.Wrong($"it is question {queries.Count}; at most {MaxQuestions} are evaluated.");
            }
        }

        return queries.Count > 0
            ? new JudgedSet(Path.GetFileNameWithoutExtension(path), BeirFolder.Fingerprint(path), [], queries, [])
            : throw new CommandException($"{path} holds no question.", EvaluationHelp.Formats, ExitCode.Usage);
    }

    private static HashSet<string> MarkedDocuments(InputLine line, JsonElement json)
    {
        if (!json.TryGetProperty("documents", out var list) || list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw line.Wrong("\"documents\" is no list of at least one document id.");
        }

        return list.EnumerateArray()
            .Select(id => id.ValueKind is JsonValueKind.String && id.GetString() is { Length: > 0 } text ? text : throw line.Wrong($"\"documents\" holds {id.GetRawText()}, which is no id."))
            .ToHashSet(StringComparer.Ordinal);
    }
}
