using System.Text.Json;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <param name="Title">The article's, which all its paragraphs share.</param>
internal sealed record Paragraph(string Id, string Title, string Text);

/// <param name="Answers">Any of them is right; none where the article does not say.</param>
internal sealed record Question(string Text, string ParagraphId, IReadOnlyList<string> Answers);

/// <summary>Paragraphs and questions, split by article so that no article is in both halves.</summary>
internal sealed record QuestionData(IReadOnlyList<Paragraph> Paragraphs, IReadOnlyList<Question> Questions)
{
    public static QuestionData Read(string folder)
    {
        var paragraphs = File.ReadLines(Path.Combine(folder, "corpus.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => new Paragraph(Text(row, "_id"), Text(row, "title"), Text(row, "text")));
        var questions = File.ReadLines(Path.Combine(folder, "queries.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (text: Text(row, "text"), metadata: row.GetProperty("metadata")))
            .Select(row => new Question(row.text, Text(row.metadata, "doc"), [.. row.metadata.GetProperty("answers").EnumerateArray().Select(answer => answer.GetString()!)]));
        return new QuestionData([.. paragraphs], [.. questions]);
    }

    /// <summary>Every second article by title: 0 to tune on, 1 to report.</summary>
    public QuestionData Half(int half)
    {
        var titles = Paragraphs.Select(paragraph => paragraph.Title).Distinct().Order(StringComparer.Ordinal).Where((_, index) => index % 2 == half).ToHashSet();
        var paragraphs = Paragraphs.Where(paragraph => titles.Contains(paragraph.Title)).ToArray();
        var ids = paragraphs.Select(paragraph => paragraph.Id).ToHashSet();
        return new QuestionData(paragraphs, [.. Questions.Where(question => ids.Contains(question.ParagraphId))]);
    }

    private static string Text(JsonElement row, string property) => row.GetProperty(property).GetString()!;
}
