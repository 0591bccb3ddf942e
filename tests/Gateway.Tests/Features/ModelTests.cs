using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;
using Embedding = RagPlatform.Protos.Embedding.V1;
using Retrieval = RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class ModelTests
{
    [Fact]
    public async Task Models_OfBothServices_AreListedWithTheProblems()
    {
        await using var server = await GatewayServer.StartAsync();

        var list = await server.Client.ListModelsAsync(new ListModelsRequest(), GatewayServer.Key());

        list.Models.Select(model => (model.Id, model.Kind, model.State, model.IsDefault)).ShouldBe([("all-MiniLM-L6-v2", "encoder", "missing", false), ("extractive", "generation", "ready", true)]);
        list.Models[0].Dimension.ShouldBe(384);
        list.Problems.ShouldBe(["models.json: models[0] is left out."]);
    }

    [Fact]
    public async Task Pull_ArrivesWholeAndStreamsItsProgress()
    {
        await using var server = await GatewayServer.StartAsync();
        var request = Filled.Message<PullModelRequest>();

        var progress = await server.Client.PullModel(request, GatewayServer.Key()).ReadAsync();

        progress.Select(step => (step.Model, step.Step, step.Detail, step.DoneBytes, step.TotalBytes)).ShouldBe([("", "downloading", "", 1, 2), ("name", "ready", "model", 0, 0)]);
        Alike.ShouldBeAlike(server.Fakes.ModelRequests.ShouldHaveSingleItem(), request);
    }

    [Fact]
    public async Task Show_ArrivesWholeWithTheCollectionsThatNeedTheModel()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Model = Filled.Message<Embedding.ShowModelResponse>();
        var model = server.Fakes.Model.Model.Id;
        Collections(
            server,
            new Collection { Name = "made", Model = model },
            new Collection { Name = "other", Model = "another", Settings = new CollectionSettings(), Build = new IndexBuild { State = BuildState.Failed, Model = model } },
            new Collection { Name = "becoming", Model = "another", Build = new IndexBuild { State = BuildState.Running, Model = model } },
            new Collection { Name = "reranked", Model = "another", Settings = new CollectionSettings { RerankModel = model } });

        var shown = await server.Client.ShowModelAsync(new ShowModelRequest { Model = "asked" }, GatewayServer.Key());

        shown.Collections.ShouldBe(["made", "becoming", "reranked"]);
        shown.Collections.Clear();
        Alike.ShouldBeAlike(shown, server.Fakes.Model);
        server.Fakes.ModelRequests.ShouldHaveSingleItem().ShouldBe(new Embedding.ShowModelRequest { Model = "asked" });
    }

    [Fact]
    public async Task Remove_WhileACollectionUsesIt_IsRefusedUnlessForced()
    {
        await using var server = await GatewayServer.StartAsync();
        Collections(server, new Collection { Name = "docs", Model = "m" });

        var failure = await Failures.OfAsync(() => server.Client.RemoveModelAsync(new RemoveModelRequest { Model = "m" }, GatewayServer.Key()).ResponseAsync);

        (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "MODEL_IN_USE"));
        failure.Message.ShouldContain("used by the collection docs");
        server.Fakes.ModelRequests.ShouldBeEmpty();
        (await server.Client.RemoveModelAsync(new RemoveModelRequest { Model = "m", Force = true }, GatewayServer.Key())).FreedBytes.ShouldBe(7);
        (await server.Client.RemoveModelAsync(new RemoveModelRequest { Model = "n" }, GatewayServer.Key())).FreedBytes.ShouldBe(7);
    }

    [Fact]
    public async Task Remove_WithoutAName_IsRefused()
    {
        await using var server = await GatewayServer.StartAsync();

        (await Failures.OfAsync(() => server.Client.RemoveModelAsync(new RemoveModelRequest { Force = true }, GatewayServer.Key()).ResponseAsync)).Field.ShouldBe("model");
        server.Fakes.ModelRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verify_ArrivesWholeBothWays()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Verified = Filled.Message<Embedding.VerifyModelResponse>();
        var request = Filled.Message<VerifyModelRequest>();

        var steps = await server.Client.VerifyModel(request, GatewayServer.Key()).ReadAsync();

        Alike.ShouldBeAlike(steps.ShouldHaveSingleItem(), server.Fakes.Verified);
        Alike.ShouldBeAlike(server.Fakes.ModelRequests.ShouldHaveSingleItem(), request);
    }

    private static void Collections(GatewayServer server, params Collection[] collections) =>
        server.Fakes.Retrieval[typeof(Retrieval.ListCollectionsRequest)] = _ => new Retrieval.ListCollectionsResponse { Collections = { collections } };
}
