using RagPlatform.Answers;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>Puts questions to a collection of one half's paragraphs, with the product's search and its answerer's core.</summary>
internal static class Trials
{
    private const int TopK = 8;
    private const double VectorWeight = 0.5;

    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions());

    /// <param name="questionStride">Takes every n-th question of each set.</param>
    public static async Task<List<Trial>> RunAsync(QuestionData half, QuestionData otherHalf, TextVectors vectors, AnswerOptions options, int questionStride)
    {
        var questions = Every(half.Questions.Where(question => question.Answers.Count > 0), questionStride).Select(question => (QuestionSet.Answerable, question))
            .Concat(Every(half.Questions.Where(question => question.Answers.Count == 0), questionStride).Select(question => (QuestionSet.Adversarial, question)))
            .Concat(Every(otherHalf.Questions.Where(question => question.Answers.Count > 0), questionStride).Select(question => (QuestionSet.OffTopic, question)))
            .ToArray();
        vectors.Add(half.Paragraphs.Select(paragraph => paragraph.Text));
        vectors.Add(questions.Select(asked => asked.question.Text));
        var readings = await ReadAllAsync(questions, half, vectors, options);
        vectors.Add(readings.SelectMany(read => read.Read.Reading.Candidates).Select(candidate => candidate.EmbeddingText));
        return [.. readings.Select(read => ToTrial(read.Set, read.Question, read.Read.Found, read.Read.Reading, vectors))];
    }

    private static IEnumerable<Question> Every(IEnumerable<Question> questions, int stride) => questions.Where((_, index) => index % stride == 0);

    private static async Task<(QuestionSet Set, Question Question, (IReadOnlyList<string> Found, Reading Reading) Read)[]> ReadAllAsync(
        (QuestionSet Set, Question Question)[] questions, QuestionData half, TextVectors vectors, AnswerOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("ragplatform-bench-");
        try
        {
            await using var index = await IndexAsync(half, vectors, folder.FullName);
            return [.. questions.Select(asked => (asked.Set, asked.Question, Read(asked.Question, index, vectors, options)))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<CollectionIndex> IndexAsync(QuestionData half, TextVectors vectors, string folder)
    {
        var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), new CollectionIndexOptions { Dimension = vectors.Dimension }, TimeProvider.System);
        await Parallel.ForEachAsync(half.Paragraphs, async (paragraph, cancellationToken) =>
        {
            var chunk = new IndexedChunk(paragraph.Id, 0, [], paragraph.Text, 0, paragraph.Text.Length, vectors[paragraph.Text]);
            await index.ReplaceAsync(new IndexedDocument(paragraph.Id, 1, paragraph.Title, "", new Dictionary<string, string>(), [chunk]), cancellationToken);
        });
        return index;
    }

    private static (IReadOnlyList<string> Found, Reading Reading) Read(Question question, CollectionIndex index, TextVectors vectors, AnswerOptions options)
    {
        var hits = index.Search(new SearchQuery { Text = question.Text, Vector = vectors[question.Text], TopK = TopK, VectorWeight = VectorWeight }).Hits;
        var passages = hits.Select(hit => new Passage(hit.Document.DocumentId, hit.Chunk.Text, 0, [hit.Document.Title], hit.VectorScore)).ToArray();
        return ([.. hits.Select(hit => hit.Document.DocumentId)], new Reading(question.Text, passages, Analyzer, options));
    }

    private static Trial ToTrial(QuestionSet set, Question question, IReadOnlyList<string> found, Reading reading, TextVectors vectors)
    {
        var asked = vectors[question.Text];
        var features = reading.Weigh([.. reading.Candidates.Select(candidate => TextVectors.Cosine(asked, vectors[candidate.EmbeddingText]))]);
        var holds = reading.Candidates.Select(candidate =>
            set is QuestionSet.Answerable && found[candidate.PassageIndex] == question.ParagraphId && Trial.Contains(candidate.Text, question.Answers)).ToArray();
        return new Trial(set, question, found.Contains(question.ParagraphId), reading, features, holds);
    }
}
