using RagPlatform.Embedding.Models;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class FolderPinningTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgressLog progress = new();

    private string Source => folder.File("source/my-model");

    public FolderPinningTests() => TinyBert.Write(Source);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pull_OfAFolder_CopiesWhatIsReadAndPinsIt()
    {
        File.WriteAllText(Path.Combine(Source, "README.md"), "---\nlanguage: en\nlicense: apache-2.0\n---\n# Model\n");
        File.WriteAllText(Path.Combine(Source, "training.log"), "none of the model's");

        var model = await PullAsync();

        model.Id.ShouldBe("my-model");
        Directory.GetFiles(model.Path).Select(Path.GetFileName).Order().ShouldBe(["config.json", "model.safetensors", "vocab.txt"]);
        var pin = Store().Inspect("my-model")!.Pin!;
        (pin.License, pin.Sources.Single().Name).ShouldBe(("apache-2.0", Source));
        File.WriteAllText(Path.Combine(Source, "vocab.txt"), "changed");
        File.ReadAllText(Path.Combine(model.Path, "vocab.txt")).ShouldStartWith("[PAD]");
    }

    [Fact]
    public async Task Pull_OfAStaticModel_CopiesItsEncoderOfQuestionsToo()
    {
        // Only what is chosen is looked at here: the outer model need not be a static one for it.
        TinyBert.Write(Path.Combine(Source, "question_encoder"));
        File.WriteAllText(Path.Combine(Source, "question_encoder/notes.txt"), "none of the model's");

        var model = await PullAsync();

        Directory.GetFiles(Path.Combine(model.Path, "question_encoder")).Select(Path.GetFileName).Order().ShouldBe(["config.json", "model.safetensors", "vocab.txt"]);
    }

    [Fact]
    public async Task Pull_FolderOfLinks_CopiesWhatTheyLeadTo()
    {
        // As the hub's own cache keeps its snapshots.
        var snapshot = Directory.CreateDirectory(folder.File("snapshot")).FullName;
        foreach (var file in Directory.GetFiles(Source))
        {
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(file)), file);
        }

        var model = await PullAsync(snapshot, "linked");

        new FileInfo(Path.Combine(model.Path, "model.safetensors")).ShouldSatisfyAllConditions(file => file.LinkTarget.ShouldBeNull(), file => file.Length.ShouldBeGreaterThan(100));
    }

    [Fact]
    public async Task Pull_Again_IsTheSameUntilTheFolderChanges()
    {
        await PullAsync();
        await PullAsync();
        File.AppendAllText(Path.Combine(Source, "vocab.txt"), "more\n");

        (await Should.ThrowAsync<ServiceException>(() => PullAsync())).Code.ShouldBe("PINNED_ELSEWHERE");
        (await PullAsync(name: "second")).Id.ShouldBe("second");
    }

    [Fact]
    public async Task Pull_FolderThatChangesBetweenPinAndCopy_IsRefused()
    {
        var pinning = new ModelPinning(Store(), hub: null, allowFolders: true);
        await pinning.PinAsync(pinning.Parse($"folder:{Source}", "", ""), progress, CancellationToken.None);
        var weights = Path.Combine(Source, "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);

        (await Should.ThrowAsync<ModelPullException>(() => Store().PullAsync("my-model", progress, CancellationToken.None).WithTimeout("the pull"))).Message.ShouldContain("model.safetensors is not the pinned file");
        Store().Find("my-model").ShouldBeNull();
    }

    [Theory]
    [InlineData("config.json", null, "it has no config.json, so it is no model")]
    [InlineData("vocab.txt", null, "tokenizer.json and vocab.txt are missing")]
    [InlineData("model.safetensors", null, "it has none of model.safetensors")]
    [InlineData("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "is a Git LFS pointer")]
    [InlineData("model.safetensors", "damaged", "model.safetensors")]
    [InlineData("config.json", "{\"model_type\": \"clip\"}", "of model_type 'clip' is not built")]
    public async Task Pull_OfNoModel_IsRefusedWithTheReason(string file, string? content, string named)
    {
        File.Delete(Path.Combine(Source, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(Source, file), content);
        }

        var failure = await Should.ThrowAsync<ServiceException>(() => PullAsync());

        (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "NO_MODEL"));
        failure.Message.ShouldContain(named);
        Directory.Exists(folder.File("models")).ShouldBeFalse();
    }

    [Fact]
    public async Task Pull_NoSuchFolder_SaysWhoseMachineIsMeant() =>
        (await Should.ThrowAsync<ServiceException>(() => PullAsync(folder.File("nowhere")))).Message.ShouldContain("no such folder on the machine of the embedding service");

    private async Task<ModelFolder> PullAsync(string? source = null, string name = "")
    {
        var pinning = new ModelPinning(Store(), hub: null, allowFolders: true);
        var request = pinning.Parse($"folder:{source ?? Source}", "", name);
        await pinning.PinAsync(request, progress, CancellationToken.None).WithTimeout("the pinning");
        return await Store().PullAsync(request.Id, progress, CancellationToken.None).WithTimeout("the pull");
    }

    private ModelStore Store() => new(folder.File("models"), ModelCatalog.BuiltIn, [new FolderFetcher()], TimeProvider.System);
}
