using Aspire.Hosting.ApplicationModel;

namespace RagPlatform.AppHost.Local.Tests;

/// <summary>The deployment diagram, as AppHost.cs draws it.</summary>
public sealed class AppHostTests
{
    [Theory]
    [InlineData("embedding", "rabbitmq")]
    [InlineData("ingestion", "rabbitmq embedding retrieval")]
    [InlineData("retrieval", "rabbitmq embedding ingestion")]
    [InlineData("generation", "embedding ingestion retrieval")]
    [InlineData("finetune-jobs", "rabbitmq ingestion")]
    [InlineData("gateway", "embedding ingestion retrieval generation finetune-jobs")]
    public void Service_OfTheDiagram_ReferencesWhomItAsks(string service, string references)
    {
        var names = AppHostModel.Build().Service(service).References.Select(reference => reference.Name);

        names.ShouldBe(references.Split(' '), ignoreOrder: true);
    }

    [Fact]
    public void Embedding_WhichDownloadsItsModel_IsWaitedForOnlyUntilItRuns()
    {
        var waits = AppHostModel.Build().Projects.SelectMany(project => project.Dependencies).Where(dependency => dependency.Resource.Name == "embedding").ToList();

        waits.Count.ShouldBe(4);
        waits.ShouldAllBe(dependency => !dependency.UntilHealthy);
    }

    [Fact]
    public void Broker_NamedByConnectionString_TakesTheContainersPlace()
    {
        var given = AppHostModel.Build(new() { ["ConnectionStrings__rabbitmq"] = "amqp://broker.example" });

        AppHostModel.Build().Resources.OfType<RabbitMQServerResource>().ShouldHaveSingleItem();
        given.Resources.OfType<RabbitMQServerResource>().ShouldBeEmpty();
        given.Resources.ShouldContain(resource => resource.Name == "rabbitmq" && resource is IResourceWithConnectionString);
    }

    [Fact]
    public void Qdrant_NotAskedFor_IsNotThere()
    {
        AppHostModel.Build().Resources.ShouldNotContain(resource => resource.Name == "qdrant");
    }

    [Fact]
    public void Qdrant_AskedFor_IsReferencedByRetrievalAlone()
    {
        var model = AppHostModel.Build(new() { ["Retrieval__Store"] = "qdrant" });

        model.Projects.Where(project => project.References.Exists(reference => reference.Name == "qdrant")).ShouldHaveSingleItem().Name.ShouldBe("retrieval");
    }

    [Fact]
    public void Qdrant_Given_IsThereBesideTheEmbeddedStore()
    {
        var model = AppHostModel.Build(new() { ["ConnectionStrings__qdrant"] = "Endpoint=http://127.0.0.1:6333" });
        model.Projects.Where(project => project.References.Exists(reference => reference.Name == "qdrant")).ShouldHaveSingleItem().Name.ShouldBe("retrieval");
    }

    [Fact]
    public void ExternalEndpoint_OfAll_IsTheGatewaysAlone()
    {
        var external = AppHostModel.Build().Projects.SelectMany(project => project.Endpoints.Where(endpoint => endpoint.IsExternal).Select(endpoint => $"{project.Name}/{endpoint.Name}"));

        external.ShouldBe(["gateway/http"]);
    }

    [Fact]
    public void EveryService_IsProbedOnItsHealthEndpoint()
    {
        foreach (var project in AppHostModel.Build().Projects)
        {
            project.Health.ShouldNotBeNull().Path.ShouldBe("/health");
            project.Endpoints.ShouldContain(endpoint => endpoint.Name == project.Health!.EndpointName);
        }
    }
}
