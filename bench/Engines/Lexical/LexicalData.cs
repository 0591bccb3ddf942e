using System.Text.Json;

namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>What every engine gets: a line of tokens for each chunk and for each question.</summary>
internal sealed record LexicalData(string[] Chunks, string[] Questions)
{
    private const int Seed = 6;

    public string ChunksFile { get; private init; } = "";

    public string QuestionsFile { get; private init; } = "";

    /// <param name="path">JSON Lines of title, headings, text, as <c>corpus</c> writes them.</param>
    /// <param name="folder">For the two files that the peers read.</param>
    public static LexicalData Read(string path, int questionCount, string folder)
    {
        var tokens = new TokenText();
        var texts = new List<string>();
        var chunks = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            var chunk = JsonSerializer.Deserialize<ChunkLine>(line, JsonSerializerOptions.Web)!;
            texts.Add(chunk.Text);
            chunks.Add(tokens.OfChunk(chunk.Title, chunk.Headings, chunk.Text));
        }

        var random = new Random(Seed);
        var questions = new List<string>();
        while (questions.Count < questionCount)
        {
            if (tokens.Question(texts[random.Next(texts.Count)], random) is { } question)
            {
                questions.Add(question);
            }
        }

        var data = new LexicalData([.. chunks], [.. questions])
        {
            ChunksFile = Path.Combine(folder, "chunks.txt"),
            QuestionsFile = Path.Combine(folder, "questions.txt"),
        };
        File.WriteAllLines(data.ChunksFile, data.Chunks);
        File.WriteAllLines(data.QuestionsFile, data.Questions);
        return data;
    }

    private sealed record ChunkLine(string Title, IReadOnlyList<string> Headings, string Text);
}
