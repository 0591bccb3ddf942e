using RagPlatform.Search.InMemory;
using RagPlatform.Answers;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Bench.Quality.ExtractiveAnswers;

/// <summary>Puts questions to a collection of one half's paragraphs, with the product's search and its answerer's core.</summary>
internal static class Trials
{
    private const int TopK = 8;
    private const double VectorWeight = 0.5;

    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions());

    /// <param name="questionStride">Takes every n-th question of each set.</param>
    public static List<Trial> Run(QuestionData half, QuestionData otherHalf, TextVectors vectors, AnswerOptions options, int questionStride)
    {
        var questions = Every(half.Questions.Where(question => question.Answers.Count > 0), questionStride).Select(question => (QuestionSet.Answerable, question))
            .Concat(Every(half.Questions.Where(question => question.Answers.Count == 0), questionStride).Select(question => (QuestionSet.Adversarial, question)))
            .Concat(Every(otherHalf.Questions.Where(question => question.Answers.Count > 0), questionStride).Select(question => (QuestionSet.OffTopic, question)))
            .ToArray();
        vectors.Add(half.Paragraphs.Select(paragraph => paragraph.Text));
        vectors.Add(questions.Select(asked => asked.question.Text));
        using var index = Index(half, vectors);
        var readings = questions.Select(asked => (asked.Item1, asked.question, Read(asked.question, index, vectors, options))).ToArray();
        vectors.Add(readings.SelectMany(read => read.Item3.Reading.Candidates).Select(candidate => candidate.EmbeddingText));
        return [.. readings.Select(read => ToTrial(read.Item1, read.question, read.Item3.Found, read.Item3.Reading, vectors))];
    }

    private static IEnumerable<Question> Every(IEnumerable<Question> questions, int stride) => questions.Where((_, index) => index % stride == 0);

    private static CollectionIndex<Paragraph> Index(QuestionData half, TextVectors vectors)
    {
        var index = new CollectionIndex<Paragraph>(new InMemoryOptions { Dimension = vectors.Dimension }, TimeProvider.System);
        foreach (var paragraph in half.Paragraphs)
        {
            index.Replace(paragraph.Id, [new IndexEntry<Paragraph>(paragraph.Id, paragraph.Title, [], paragraph.Text, vectors[paragraph.Text], paragraph)]);
        }

        return index;
    }

    private static (IReadOnlyList<Paragraph> Found, Reading Reading) Read(Question question, CollectionIndex<Paragraph> index, TextVectors vectors, AnswerOptions options)
    {
        var hits = index.Search(new InMemoryQuery(question.Text, vectors[question.Text], TopK, VectorWeight)).Hits;
        var passages = hits.Select(hit => new Passage(hit.Payload.Id, hit.Payload.Text, 0, [hit.Payload.Title], hit.VectorScore)).ToArray();
        return ([.. hits.Select(hit => hit.Payload)], new Reading(question.Text, passages, Analyzer, options));
    }

    private static Trial ToTrial(QuestionSet set, Question question, IReadOnlyList<Paragraph> found, Reading reading, TextVectors vectors)
    {
        var asked = vectors[question.Text];
        var features = reading.Weigh([.. reading.Candidates.Select(candidate => TextVectors.Cosine(asked, vectors[candidate.EmbeddingText]))]);
        var holds = reading.Candidates.Select(candidate =>
            set is QuestionSet.Answerable && found[candidate.PassageIndex].Id == question.ParagraphId && Trial.Contains(candidate.Text, question.Answers)).ToArray();
        return new Trial(set, question, found.Any(paragraph => paragraph.Id == question.ParagraphId), reading, features, holds);
    }
}
