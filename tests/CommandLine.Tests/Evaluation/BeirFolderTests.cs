using RagPlatform.CommandLine.Evaluation;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests.Evaluation;

public sealed class BeirFolderTests : IDisposable
{
    private const string Corpus = """{"_id": "d1", "title": "T", "text": "one"}""" + "\n\n" + """{"_id": "d2", "text": "two", "metadata": {}}""" + "\n";
    private const string Queries = """{"_id": "q1", "text": "what?"}""" + "\n" + """{"_id": "q2", "text": "who?"}""" + "\n";
    private const string Qrels = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_Set_KeepsJudgedQueriesAndSaysWhatIsLeftOut()
    {
        Write(Corpus, Queries, Qrels);

        var set = BeirFolder.Read(folder.Path);

        set.Documents.ShouldBe([new CorpusDocument("d1", "T", "one"), new CorpusDocument("d2", "", "two")]);
        set.Queries.Single().Id.ShouldBe("q1");
        set.Queries.Single().Gains.ShouldBe(new Dictionary<string, double> { ["d1"] = 2 });
        set.Notes.ShouldBe(["1 query has no relevant document and is left out."]);
    }

    [Fact]
    public void Read_JudgmentsInBeirsOwnPlace_FindsThem()
    {
        Write(Corpus, Queries, Qrels);
        Directory.CreateDirectory(folder.File("qrels"));
        File.Move(folder.File("qrels.tsv"), folder.File("qrels/test.tsv"));

        BeirFolder.Read(folder.Path).Queries.Count.ShouldBe(1);
    }

    [Fact]
    public void Fingerprint_ChangesWithAnyFile()
    {
        Write(Corpus, Queries, Qrels);
        var before = BeirFolder.Read(folder.Path).Fingerprint;
        BeirFolder.Read(folder.Path).Fingerprint.ShouldBe(before);

        Write(Corpus, Queries, Qrels + "q2\td1\t1\n");
        BeirFolder.Read(folder.Path).Fingerprint.ShouldNotBe(before);
    }

    [Theory]
    [InlineData("corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"a\"}\n{\"_id\": \"d1\", \"text\": \"b\"}", "corpus.jsonl line 2: \"_id\" is 'd1'")]
    [InlineData("corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"a\"}\n\n{\"text\": \"b\"}", "corpus.jsonl line 3: \"_id\" is missing")]
    [InlineData("corpus.jsonl", "[1]", "corpus.jsonl line 1: it is no JSON object")]
    [InlineData("corpus.jsonl", "{\"_id\": \"d1\", \"text\": [1]}", "corpus.jsonl line 1: \"text\" is [1]")]
    [InlineData("corpus.jsonl", "{\"_id\": \"d1\", ", "corpus.jsonl line 1: it is no JSON")]
    [InlineData("queries.jsonl", "{\"_id\": \"q1\", \"text\": \" \"}", "queries.jsonl line 1: \"text\" is missing or empty")]
    [InlineData("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1", "qrels.tsv line 2: it has not three columns")]
    [InlineData("qrels.tsv", "q1\td1\t1\nq9\td1\t1", "qrels.tsv line 2: there is no query 'q9'")]
    [InlineData("qrels.tsv", "q1\td9\t1", "qrels.tsv line 1: there is no document 'd9'")]
    [InlineData("qrels.tsv", "q1\td1\t1\nq1\td2\t-1", "qrels.tsv line 2: the score is '-1'")]
    [InlineData("qrels.tsv", "q1\td1\t1\nq1\td2\tmuch", "qrels.tsv line 2: the score is 'much'")]
    [InlineData("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t0", "judges no document of any query relevant")]
    public void Read_MistakeInAFile_NamesTheLine(string file, string content, string message)
    {
        Write(Corpus, Queries, Qrels);
        File.WriteAllText(folder.File(file), content);

        var failure = Should.Throw<CommandException>(() => BeirFolder.Read(folder.Path));

        failure.Message.ShouldContain(message);
        failure.Remedy.ShouldNotBeNull().ShouldContain("corpus.jsonl: {");
    }

    [Theory]
    [InlineData("{\"question\": \"what?\"}", "\"documents\" is no list")]
    [InlineData("{\"question\": \"what?\", \"documents\": []}", "\"documents\" is no list")]
    [InlineData("{\"question\": \"what?\", \"documents\": [1]}", "which is no id")]
    [InlineData("{\"documents\": [\"d1\"]}", "\"question\" is missing")]
    public void Read_MistakeInAQuestion_NamesTheLine(string line, string message)
    {
        File.WriteAllText(folder.File("q.jsonl"), "{\"question\": \"fine?\", \"documents\": [\"d1\"]}\n" + line);

        var failure = Should.Throw<CommandException>(() => QuestionsFile.Read(folder.File("q.jsonl")));

        failure.Message.ShouldContain("q.jsonl line 2");
        failure.Message.ShouldContain(message);
    }

    private void Write(string corpus, string queries, string qrels)
    {
        File.WriteAllText(folder.File("corpus.jsonl"), corpus);
        File.WriteAllText(folder.File("queries.jsonl"), queries);
        File.WriteAllText(folder.File("qrels.tsv"), qrels);
    }
}
