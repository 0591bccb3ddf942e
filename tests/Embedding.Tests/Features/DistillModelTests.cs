using System.Runtime.InteropServices;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;
using ModelFile = RagPlatform.Embedding.Models.ModelFile;

namespace RagPlatform.Embedding.Tests.Features;

public sealed class DistillModelTests : IAsyncLifetime, IDisposable
{
    private const string Name = "tiny-static";

    private readonly TestFolder folder = new();
    private TestServer server = null!;
    private EmbeddingService.EmbeddingServiceClient client = null!;

    public async Task InitializeAsync()
    {
        TinyBert.Write(folder.File(TinyBert.Id));
        server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Embedding:ModelsDirectory", folder.Path), new("Data:Directory", folder.Path), new("Embedding:Model", TinyBert.Id),
                ]);
                builder.AddEmbedding();
            },
            app => app.MapEmbedding());
        client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
        await server.Services.GetRequiredService<ModelHost>().WaitAsync(TinyBert.Id, CancellationToken.None).WithTimeout("the model");
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task DistillModel_Passages_MakeAModelThatEmbedsAtOnce()
    {
        var steps = await DistillAsync(Requests(3)).WithTimeout("the distillation");

        steps.Select(step => step.Step).Distinct().ShouldBe(["embedding", "tokens", "training", "writing", "ready"]);
        steps.Where(step => step.Step == "embedding").Select(step => (step.Done, step.Total)).ShouldBe([(3, 9), (6, 9), (9, 9)]);
        steps.ShouldAllBe(step => step.Model == Name);
        (await ShowAsync(Name)).Model.Kind.ShouldBe("static");

        var passage = await EmbedAsync(Name, EmbedKind.Passage, "cat dog");
        passage.Sum(value => value * value).ShouldBe(1, 1e-5);
        var question = await EmbedAsync(Name, EmbedKind.Query, "cat dog");
        question.ShouldBe(await EmbedAsync(TinyBert.Id, EmbedKind.Query, "cat dog"), "questions are the encoder's");
        passage.ShouldNotBe(question);
    }

    /// <summary>What is in models.json is not in the teacher's files.</summary>
    [Fact]
    public async Task DistillModel_TeacherWhosePinSaysItsPrefixes_AsksWithThem()
    {
        const string teacher = "pinned";
        TinyBert.Write(folder.File(teacher));
        var file = new ModelFile("config.json", 1, new string('0', 64));
        new PinFile(folder.Path, ModelCatalog.BuiltIn).Write(
            new(teacher, "", [new(ModelSourceKind.Hub, "x/pinned", new string('1', 40), [file])]) { Prefixes = new("dog dog: ", "") });
        var first = First(Name);
        first.Model = teacher;

        await DistillAsync([first]).WithTimeout("the distillation");

        var question = await EmbedAsync(Name, EmbedKind.Query, "cat dog");
        question.ShouldBe(await EmbedAsync(teacher, EmbedKind.Query, "cat dog"));
        question.ShouldNotBe(await EmbedAsync(TinyBert.Id, EmbedKind.Query, "cat dog"));
    }

    /// <summary>Its family tells how it pools and what it wants before a question, and the name it was given here does not tell the family.</summary>
    [Fact]
    public async Task DistillModel_TeacherKeptUnderAnotherName_TellsItsRepositorysFamily()
    {
        const string teacher = "mine";
        TinyBert.Write(folder.File(teacher));
        var files = Directory.GetFiles(folder.File(teacher)).Select(path => new ModelFile(Path.GetFileName(path), new FileInfo(path).Length, new string('0', 64)));
        new PinFile(folder.Path, ModelCatalog.BuiltIn).Write(
            new(teacher, "", [new(ModelSourceKind.Hub, "intfloat/e5-small-v2", new string('1', 40), [.. files])]));
        var first = First(Name);
        first.Model = teacher;

        await DistillAsync([first]).WithTimeout("the distillation");

        var question = await EmbedAsync(Name, EmbedKind.Query, "cat dog");
        question.ShouldBe(await EmbedAsync(teacher, EmbedKind.Query, "cat dog"));
        question.ShouldNotBe(await EmbedAsync(TinyBert.Id, EmbedKind.Query, "cat dog"));
    }

    /// <summary>The table is fitted to what is in memory; questions would be read by what is on disk.</summary>
    [Fact]
    public async Task DistillModel_TeachersFilesReplacedMeanwhile_MakesNoModel()
    {
        using var call = client.DistillModel();
        await call.RequestStream.WriteAsync(First(Name));
        (await call.ResponseStream.MoveNext().WithTimeout("the first step")).ShouldBeTrue();
        var weights = Path.Combine(folder.File(TinyBert.Id), "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes);
        await call.RequestStream.CompleteAsync();

        var refusal = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext().WithTimeout("a step"))
            {
            }
        });

        FailureStatus.FromRpcException(refusal).ShouldNotBeNull().ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("NOT_DISTILLABLE"), failure => failure.Message.ShouldContain("its files changed"));
        (await TryAsync(async () => (await ShowAsync(Name)).Model.State)).ShouldBeNull();
    }

    [Fact]
    public async Task DistillModel_NameInUse_IsRefusedBeforeAnythingIsEmbedded()
    {
        await DistillAsync(Requests(1)).WithTimeout("the distillation");

        (await RefusedAsync(Requests(1))).Code.ShouldBe("NAME_TAKEN");
        (await RefusedAsync([First(TinyBert.Id)])).Code.ShouldBe("NAME_TAKEN");
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    public async Task DistillModel_NameThatIsNone_IsRefused(string name) =>
        (await RefusedAsync([First(name)])).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("NAME_INVALID"),
            failure => failure.Kind.ShouldBe(FailureKind.InvalidArgument));

    [Fact]
    public async Task DistillModel_StaticModel_IsRefused()
    {
        await DistillAsync(Requests(1)).WithTimeout("the distillation");

        var first = First("second");
        first.Model = Name;
        (await RefusedAsync([first])).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("NOT_DISTILLABLE"),
            failure => failure.Message.ShouldContain(Name));
    }

    [Fact]
    public async Task DistillModel_NothingSent_IsRefused() => (await RefusedAsync([])).Code.ShouldBe("NO_PASSAGES");

    [Fact]
    public async Task DistillModel_NameAgainInALaterRequest_IsRefusedAndNothingStays()
    {
        (await RefusedAsync([First(Name), First(Name)])).Code.ShouldBe("STREAM_FIELD_REPEATED");

        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).ShouldNotContain(entry => entry!.Contains(Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DistillModel_PassageEmpty_IsRefusedNamingIt() =>
        (await RefusedAsync([new DistillModelRequest { Name = Name, Passages = { new Passage { Text = "cat" }, new Passage() } }])).Field.ShouldBe("passages[1].text");

    [Fact]
    public async Task DistillModel_WhileAnotherIs_IsRefusedAndWorksAfterwards()
    {
        using (var open = client.DistillModel())
        {
            await open.RequestStream.WriteAsync(First("other"));
            (await open.ResponseStream.MoveNext()).ShouldBeTrue();

            (await RefusedAsync(Requests(1))).ShouldSatisfyAllConditions(
                failure => failure.Code.ShouldBe("DISTILL_UNDER_WAY"),
                failure => failure.RetryDelay.ShouldNotBeNull());
        }

        await TestTimeout.EventuallyAsync(
            async () => await TryAsync(async () => (await DistillAsync(Requests(1)))[^1].Step) == "ready", "the place of the call that was left");
        (await TryAsync(async () => (await ShowAsync("other")).Model.State)).ShouldBeNull("the call that was left made no model");
    }

    private static DistillModelRequest First(string name) =>
        new() { Name = name, ExpectedPassages = 9, Passages = { new Passage { Text = "cat" }, new Passage { Title = "d", Text = "a b c" }, new Passage { Text = "dog dogs" } } };

    private static DistillModelRequest[] Requests(int count) =>
        [First(Name), .. Enumerable.Range(1, count - 1).Select(number => new DistillModelRequest { Passages = { Enumerable.Range(0, 3).Select(i => new Passage { Text = $"{(char)('a' + (3 * number) + i)} cat" }) } })];

    private async Task<List<DistillModelResponse>> DistillAsync(DistillModelRequest[] requests)
    {
        using var call = client.DistillModel();
        foreach (var request in requests)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var steps = new List<DistillModelResponse>();
        await foreach (var step in call.ResponseStream.ReadAllAsync())
        {
            steps.Add(step);
        }

        return steps;
    }

    private async Task<ServiceException> RefusedAsync(DistillModelRequest[] requests)
    {
        using var call = client.DistillModel();
        foreach (var request in requests)
        {
            await TryAsync(async () =>
            {
                await call.RequestStream.WriteAsync(request);
                return "sent";
            });
        }

        await TryAsync(async () =>
        {
            await call.RequestStream.CompleteAsync();
            return "sent";
        });
        return FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        }).WithTimeout("the refusal")).ShouldNotBeNull();
    }

    private static async Task<string?> TryAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<ShowModelResponse> ShowAsync(string model) => await client.ShowModelAsync(new ShowModelRequest { Model = model });

    private async Task<float[]> EmbedAsync(string model, EmbedKind kind, string text)
    {
        await server.Services.GetRequiredService<ModelHost>().WaitAsync(model, CancellationToken.None).WithTimeout("the model");
        var response = await client.EmbedAsync(new EmbedRequest { Model = model, Kind = kind, Texts = { text } });
        return MemoryMarshal.Cast<byte, float>(response.Embeddings.Single().Vector.Span).ToArray();
    }
}
