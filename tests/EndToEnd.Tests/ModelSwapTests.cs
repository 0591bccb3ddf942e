using Google.Protobuf;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>A collection gets another model on the standalone platform, with real models.</summary>
public sealed class ModelSwapTests
{
    private const string Collection = "manuals";
    private const int Documents = 120;
    private const string NoteField = "note";
    private const double Tolerance = 0.005;

    private static readonly TimeSpan Minutes = TimeSpan.FromSeconds(120);
    private static readonly string[] Questions = [.. Enumerable.Range(0, 5).Select(number => $"valve code {Manuals.Valve(number * 20)} of pump {number * 20}")];

    [RequiresModelFact]
    public async Task Swap_KilledInTheMiddleWhileSearchedAndWritten_NeitherFailsNorMixes()
    {
        using var models = new ModelPair();
        await using var platform = await StandalonePlatform.StartAsync(models.Settings);
        using var gateway = platform.Connect();
        await gateway.Client.CreateCollectionAsync(new CreateCollectionRequest { Collection = Collection, EmbeddingModel = ModelPair.Small }, gateway.Headers);
        await Promises.PutAllAsync(gateway, Collection, Documents);
        await gateway.WaitForIndexedAsync(Collection, Documents, Minutes);
        var former = await AnswersAsync(gateway);

        await gateway.Client.StartBuildAsync(new StartBuildRequest { Collection = Collection, Model = ModelPair.Whole }, gateway.Headers);
        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync(gateway)).Build is null or { DoneDocuments: > 0 }, "the first documents of the build", Minutes);
        await platform.KillAsync();
        await platform.RestartAsync();
        using var done = new CancellationTokenSource();
        var searches = SearchUntilAsync(gateway, done.Token);
        var notes = PutUntilAsync(gateway, done.Token);
        await TestTimeout.EventuallyAsync(async () => await DescribeAsync(gateway) is { Build: null, Model: ModelPair.Whole }, "the switch", Minutes);
        await done.CancelAsync();
        var put = await notes.WithTimeout("the notes");
        var answers = await searches.WithTimeout("the searches");
        await gateway.WaitForIndexedAsync(Collection, Documents + put, Minutes);

        var present = await AnswersAsync(gateway);
        Questions.Where((_, question) => IsAlike(former[question], present[question])).ShouldBeEmpty("the models must be told apart");
        answers.Where(answer => !IsAlike(former[answer.Question], answer.Hits) && !IsAlike(present[answer.Question], answer.Hits))
            .Select(answer => $"{Describe(answer.Hits)} is neither {Describe(former[answer.Question])} nor {Describe(present[answer.Question])}").ShouldBeEmpty();
        answers.ShouldNotBeEmpty();
        var collection = await DescribeAsync(gateway);
        (collection.DocumentCount, collection.Dimension).ShouldBe((Documents + put, 384));
        await gateway.DeleteAsync(Collection, Manuals.Id(0));
        await TestTimeout.EventuallyAsync(async () => (await DescribeAsync(gateway)).DocumentCount == Documents + put - 1, "the deletion reaches the new index");
    }

    private static async Task<List<(int Question, Dictionary<string, double> Hits)>> SearchUntilAsync(Gateway gateway, CancellationToken done)
    {
        var answers = new List<(int, Dictionary<string, double>)>();
        while (!done.IsCancellationRequested)
        {
            var question = answers.Count % Questions.Length;
            answers.Add((question, await SearchAsync(gateway, Questions[question])));
        }

        return answers;
    }

    /// <summary>Marked, so that the searches can leave them out: one index has them sooner than the other.</summary>
    private static async Task<int> PutUntilAsync(Gateway gateway, CancellationToken done)
    {
        var number = 0;
        while (!done.IsCancellationRequested)
        {
            var header = new DocumentHeader { Collection = Collection, Id = $"note-{number}", ContentType = "text/plain", Metadata = { [NoteField] = "yes" } };
            await gateway.Client.PutDocumentAsync(new PutDocumentRequest { Header = header, Content = ByteString.CopyFromUtf8($"Bread number {number} is baked from rye.") }, gateway.Headers, cancellationToken: CancellationToken.None);
            number++;
        }

        return number;
    }

    private static async Task<Dictionary<string, double>[]> AnswersAsync(Gateway gateway)
    {
        var answers = new Dictionary<string, double>[Questions.Length];
        for (var question = 0; question < answers.Length; question++)
        {
            answers[question] = await SearchAsync(gateway, Questions[question]);
        }

        return answers;
    }

    /// <summary>The nearest chunks and their cosines.</summary>
    private static async Task<Dictionary<string, double>> SearchAsync(Gateway gateway, string question)
    {
        var request = new SearchRequest
        {
            Collection = Collection, Query = question, TopK = 3, Settings = new SearchSettings { Fusion = FusionMethod.Vector, Exact = true },
            Filter = new Filter { Condition = new Condition { Field = NoteField, Exists = false } },
        };
        var response = await gateway.Client.SearchAsync(request, gateway.Headers, TimeProvider.System.GetUtcNow().UtcDateTime + Minutes);
        return response.Hits.ToDictionary(hit => hit.ChunkId, hit => hit.VectorScore);
    }

    private static bool IsAlike(Dictionary<string, double> left, Dictionary<string, double> right) =>
        left.Count == right.Count && left.Keys.All(right.ContainsKey) && left.All(hit => Math.Abs(hit.Value - right[hit.Key]) <= Tolerance);

    private static string Describe(Dictionary<string, double> hits) => string.Join(' ', hits.Select(hit => $"{hit.Key[..6]}:{hit.Value:0.0000}"));

    private static async Task<Collection> DescribeAsync(Gateway gateway) =>
        (await gateway.Client.DescribeCollectionAsync(new DescribeCollectionRequest { Collection = Collection }, gateway.Headers)).Collection;
}
