using System.Security.Cryptography;
using RagPlatform.Embedding.Models;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class HubPinningTests : IAsyncLifetime, IDisposable
{
    private const string Id = "tiny-bert";
    private const string Weights = "model.safetensors";
    private readonly TestFolder folder = new();
    private readonly ProgressLog progress = new();
    private readonly ManualTime time = new();
    private readonly HttpClient http = new();
    private TestHub hub = null!;

    public async Task InitializeAsync() => hub = await TestHub.StartAsync();

    public Task DisposeAsync() => hub.DisposeAsync().AsTask();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Pull_OfARepository_PinsEveryFileThatIsReadAndNoOther()
    {
        var model = await PullAsync();

        model.Source.ShouldBe($"hub:{TestHub.Repository}@{TestHub.Commit}");
        Directory.GetFiles(model.Path).Select(Path.GetFileName).Order().ShouldBe(["config.json", Weights, "vocab.txt"]);
        var pin = Pins().Single();
        (pin.Id, pin.License, pin.Kind).ShouldBe((Id, "mit", Transformers.ModelKind.Encoder));
        pin.Sources.Single().Files.ShouldBe(
            ((string[])["config.json", "vocab.txt", Weights]).Select(name => new ModelFile(name, hub.Files[name].Length, Convert.ToHexStringLower(SHA256.HashData(hub.Files[name])))));
        hub.Requests.ShouldBe(["listing", "config.json", "vocab.txt", Weights]);
        progress.Entries.ShouldContain(entry => entry.Step == PullSteps.Pinned && entry.Detail.Contains("license mit"));
    }

    [Fact]
    public async Task Pull_FileEndsEarlyTwice_GoesOnWhereItStopped()
    {
        hub.Cuts.Enqueue(1000);
        hub.Cuts.Enqueue(2000);

        await PullAsync();

        hub.Requests.Where(request => request.StartsWith(Weights, StringComparison.Ordinal)).ShouldBe([Weights, $"{Weights} from 1000", $"{Weights} from 2000"]);
    }

    [Fact]
    public async Task Pull_Interrupted_IsNoModelAndALaterPullAsksForNothingAgain()
    {
        hub.Gate = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var pull = PullAsync(cancellationToken: leaving.Token);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(hub.Requests.Contains(Weights)), "the weights' request");
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => pull.WithTimeout("the interrupted pull"));
        Store().Inspect(Id).ShouldNotBeNull().ShouldSatisfyAllConditions(entry => entry.Folder.ShouldBeNull(), entry => entry.PartialBytes.ShouldBeGreaterThan(0));
        var before = hub.Requests.Count;
        hub.Gate.SetResult();
        hub.Gate = null;

        await PullAsync();

        hub.Requests.Skip(before).ShouldBe([Weights]);
    }

    [Theory]
    [InlineData(Weights)]
    [InlineData("vocab.txt")]
    public async Task Pull_OtherBytesThanListed_IsRefusedAndNotKept(string file)
    {
        hub.Corrupted.Add(file);

        var message = (await Should.ThrowAsync<Exception>(() => PullAsync())).Message;
        message.ShouldContain(file);
        Store().Find(Id).ShouldBeNull();

        hub.Corrupted.Clear();
        (await PullAsync()).Id.ShouldBe(Id);
    }

    [Fact]
    public async Task Pull_HubIsBusy_WaitsAsLongAsItAsks()
    {
        hub.Busy = 2;
        var pull = PullAsync();

        await TestTimeout.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(pull.IsCompleted);
            },
            "the pull's end");

        (await pull).Id.ShouldBe(Id);
        progress.Entries.Where(entry => entry.Step == PullSteps.Waiting).ShouldAllBe(entry => entry.Detail.Contains("429 Too Many Requests and asks to wait 7 s"));
    }

    [Fact]
    public async Task Pull_Gated_NeedsTheTokenWhichNoOtherHostSees()
    {
        hub.IsGated = true;
        (await RefusalAsync()).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("HUB_GATED"),
            failure => failure.Remedy!.ShouldContain("HF_TOKEN"),
            failure => failure.Remedy!.ShouldContain($"{hub.Address.AbsoluteUri}{TestHub.Repository}"));
        (await RefusalAsync(token: "hf_other")).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("HUB_GATED"),
            failure => failure.ToString().ShouldNotContain("hf_other"));

        await PullAsync(token: TestHub.Token);

        hub.TokensSeenByTheStore.ShouldAllBe(token => token.Length == 0);
        File.ReadAllText(folder.File("models.json")).ShouldNotContain(TestHub.Token);
    }

    [Fact]
    public async Task Pull_NoSuchRepositoryOrRevision_SaysWhich()
    {
        (await RefusalAsync(repository: "nobody/nothing")).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("HUB_UNAUTHORIZED"),
            failure => failure.Message.ShouldContain("private, or does not exist"));
        (await RefusalAsync(repository: "nobody/nothing", token: TestHub.Token)).Code.ShouldBe("HUB_NOT_FOUND");
        (await RefusalAsync(revision: "v9")).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.NotFound),
            failure => failure.Message.ShouldContain("RevisionNotFound"));
        Pins().ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_ArchitectureThatIsNotBuilt_IsRefusedBeforeItsWeights()
    {
        hub.Files["config.json"] = """{"model_type": "t5", "architectures": ["T5EncoderModel"]}"""u8.ToArray();

        (await RefusalAsync()).Message.ShouldContain("T5EncoderModel of model_type 't5' is not built");

        hub.Requests.ShouldNotContain(Weights);
        Pins().ShouldBeEmpty();
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_OnlyOtherWeights_IsRefusedNamingThem()
    {
        hub.Files.Remove(Weights);

        (await RefusalAsync()).Message.ShouldContain("only pytorch_model.bin; convert the weights to safetensors first");
    }

    [Fact]
    public async Task Pull_AnswerThatIsNoListing_IsRefused()
    {
        hub.License = "\"mit\"},\"sha\":\"main\",\"x\":{\"y\":1";

        (await RefusalAsync()).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("HUB_FAILED"),
            failure => failure.Message.ShouldContain("does not answer as a hub"));
    }

    [Theory]
    [InlineData("""{"rfilename":"a","size":1,"blobId":"$"},{"rfilename":"a","size":2,"blobId":"$"}""", "lists a twice")]
    [InlineData("""{"rfilename":"a","size":9223372036854775807,"blobId":"$"}""", "lists a with 9223372036854775807 bytes")]
    public void Parse_ListingThatContradictsItself_IsRefused(string siblings, string problem)
    {
        var hash = new string('a', 40);
        var json = System.Text.Encoding.UTF8.GetBytes($$"""{"sha":"{{hash}}","siblings":[{{siblings.Replace("$", hash, StringComparison.Ordinal)}}]}""");

        Should.Throw<InvalidDataException>(() => HubListing.Parse(json)).Message.ShouldContain(problem);
    }

    [Fact]
    public async Task Pull_PinnedAgain_NeedsNoNetworkAndAnotherRevisionIsRefused()
    {
        await PullAsync();
        var before = hub.Requests.Count;

        await PullAsync();
        await PullAsync(revision: TestHub.Commit);
        hub.Requests.Count.ShouldBe(before);
        await PullAsync(revision: "refs/pr/1");

        await RewritePinAsync(json => json.Replace(TestHub.Commit, new string('f', 40), StringComparison.Ordinal));
        (await RefusalAsync(revision: "main")).Code.ShouldBe("PINNED_ELSEWHERE");
        (await PullAsync(revision: "main", name: "other")).Id.ShouldBe("other");
    }

    [Fact]
    public async Task Pull_NameOfAnotherModel_IsRefused()
    {
        Directory.CreateDirectory(folder.File(Id));

        (await RefusalAsync()).Code.ShouldBe("NAME_TAKEN");
        (await RefusalAsync(name: "all-MiniLM-L6-v2")).Message.ShouldContain("is already the name of hub:sentence-transformers/all-MiniLM-L6-v2");
        hub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pull_DirectoryThatCannotBeWritten_SaysWhich()
    {
        var file = folder.File("plain");
        await File.WriteAllTextAsync(file, "");
        var store = new ModelStore(Path.Combine(file, "models"), ModelCatalog.BuiltIn, [], time);
        var pinning = new ModelPinning(store, Client(""), allowFolders: false);
        var request = pinning.Parse($"hub:{TestHub.Repository}", "", "");

        var refusal = await Should.ThrowAsync<ModelPullException>(() => pinning.PinAsync(request, progress, CancellationToken.None).WithTimeout("the pinning"));

        refusal.Message.ShouldContain($"The models directory {Path.Combine(file, "models")} cannot be written");
    }

    [Theory]
    [InlineData("hub:tiny", "", "", "SOURCE_INVALID")]
    [InlineData("hub:../x", "", "", "SOURCE_INVALID")]
    [InlineData("hub:a/b/c", "", "", "SOURCE_INVALID")]
    [InlineData("hub:a/b?x=1", "", "", "SOURCE_INVALID")]
    [InlineData("ftp:a/b", "", "", "SOURCE_INVALID")]
    [InlineData("folder:relative", "", "", "SOURCE_INVALID")]
    [InlineData("folder:/models/x", "main", "", "SOURCE_INVALID")]
    [InlineData("folder:/models/x", "", "", "FOLDERS_OFF")]
    [InlineData("hub:a/b", "main/../x", "", "REVISION_INVALID")]
    [InlineData("hub:a/b", "", ".hidden", "NAME_INVALID")]
    [InlineData("hub:a/b", "", "x/y", "NAME_INVALID")]
    public void Parse_WrongRequest_IsRefusedBeforeAnythingIsAsked(string source, string revision, string name, string code) =>
        Should.Throw<ServiceException>(() => Pinning("").Parse(source, revision, name)).Code.ShouldBe(code);

    private async Task<ModelFolder> PullAsync(
        string repository = TestHub.Repository, string revision = "", string name = "", string token = "", CancellationToken cancellationToken = default)
    {
        var pinning = Pinning(token);
        var request = pinning.Parse($"hub:{repository}", revision, name);
        await pinning.PinAsync(request, progress, cancellationToken).WithTimeout("the pinning");
        return await Store(token).PullAsync(request.Id, progress, cancellationToken).WithTimeout("the pull");
    }

    private async Task<ServiceException> RefusalAsync(string repository = TestHub.Repository, string revision = "", string name = "", string token = "") =>
        await Should.ThrowAsync<ServiceException>(() => PullAsync(repository, revision, name, token));

    private ModelPinning Pinning(string token) => new(Store(token), Client(token), allowFolders: false);

    private ModelStore Store(string token = "") => new(folder.Path, ModelCatalog.BuiltIn, [new HubFetcher(Client(token))], time);

    private HubClient Client(string token) => new(http, hub.Address, token, TimeSpan.FromSeconds(10), time);

    private IReadOnlyList<CatalogModel> Pins() => new PinFile(folder.Path, ModelCatalog.BuiltIn).Read().Models;

    private async Task RewritePinAsync(Func<string, string> change) =>
        await File.WriteAllTextAsync(folder.File("models.json"), change(await File.ReadAllTextAsync(folder.File("models.json"))));
}
