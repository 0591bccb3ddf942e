namespace RagPlatform.Architecture.Tests;

/// <summary>Who may reference whom (docs/ARCHITECTURE.md). Any other edge fails here.</summary>
public sealed class ReferenceRuleTests
{
    private static readonly Dictionary<string, string[]> AllowedRooms = new()
    {
        ["services"] = ["ServiceDefaults", "protos", "libraries", "engines"],
        ["ServiceDefaults"] = ["libraries"],
        ["engines"] = ["engines"],
        ["libraries"] = [],
        ["protos"] = [],
        ["clients"] = ["protos", "clients", "eng", "engines"],
        // eng: the chaos run starts, kills and starts its own broker.
        ["bench"] = ["engines", "libraries", "clients", "protos", "eng"],
        ["eng"] = ["eng"],
    };

    /// <summary>Engines from the bottom up: each may use only those before it.</summary>
    private static readonly string[] EngineOrder = ["Metrics", "Numerics", "Tokenization", "Search", "Answers", "Documents", "Transformers", "FineTuning"];

    [Fact]
    public void ProjectReferences_OfEveryRoom_StayOnAllowedEdges()
    {
        var forbidden =
            from project in Repository.Projects
            where AllowedRooms.ContainsKey(project.Room) && project.Name != "Standalone"
            from reference in project.References
            where !AllowedRooms[project.Room].Contains(reference.Split('/')[0])
            select $"{project.File} -> {reference}";

        forbidden.ShouldBeEmpty();
    }

    [Fact]
    public void Rooms_OfAllProjects_AreKnown()
    {
        var unknown = Repository.Projects.Where(project => !AllowedRooms.ContainsKey(project.Room) && project.Room is not ("tests" or "AppHost"));

        unknown.Select(project => project.File).ShouldBeEmpty();
    }

    [Fact]
    public void Engines_ReferenceOnly_EnginesBelowThem()
    {
        var forbidden =
            from project in Repository.Projects
            where project.Room == "engines"
            from reference in project.References
            where Array.IndexOf(EngineOrder, Path.GetFileNameWithoutExtension(reference)) >= Array.IndexOf(EngineOrder, project.Name)
            select $"{project.File} -> {reference}";

        forbidden.ShouldBeEmpty();
        Repository.Projects.Where(project => project.Room == "engines").Select(project => project.Name).ShouldBeSubsetOf(EngineOrder);
    }

    [Fact]
    public void Services_NeverReference_AnotherService()
    {
        var forbidden =
            from project in Repository.Projects
            where project.Room == "services" && project.Name != "Standalone"
            from reference in project.References
            where reference.StartsWith("services/", StringComparison.Ordinal)
            select $"{project.File} -> {reference}";

        forbidden.ShouldBeEmpty();
    }

    /// <summary>The command line computes the measures of an evaluation that the services will compute too; it needs no other engine.</summary>
    [Fact]
    public void Clients_ReferenceNoEngine_ButMetrics()
    {
        var forbidden =
            from project in Repository.Projects
            where project.Room == "clients"
            from reference in project.References
            where reference.StartsWith("engines/", StringComparison.Ordinal) && reference != "engines/Metrics/Metrics.csproj"
            select $"{project.File} -> {reference}";

        forbidden.ShouldBeEmpty();
    }

    [Fact]
    public void TypedClient_References_ProtosAlone()
    {
        var client = Repository.Projects.Single(project => project.Name == "RagPlatform.Client");

        client.References.ShouldBe(["protos/Protos.csproj"]);
    }

    [Fact]
    public void Engines_UseNoPackages_OfWebBusInjectionLoggingOrConfiguration()
    {
        string[] prefixes = ["Microsoft.Extensions", "Microsoft.AspNetCore", "MassTransit", "RabbitMQ", "Grpc", "Google", "OpenTelemetry", "Dapper", "Microsoft.Data"];
        var forbidden =
            from project in Repository.Projects
            where project.Room == "engines"
            from package in project.Packages
            where prefixes.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal))
            select $"{project.File} -> {package}";

        forbidden.ShouldBeEmpty();
    }

    [Fact]
    public void AppHost_IsNotInTheSolution_BecauseItsSdkCannotBeRestoredEverywhere()
    {
        Repository.ReadLines("RagPlatform.sln").ShouldNotContain(line => line.Contains("AppHost\\AppHost.csproj", StringComparison.Ordinal));
    }

    [Fact]
    public void Solution_HoldsEveryOtherProject()
    {
        var solution = string.Join('\n', Repository.ReadLines("RagPlatform.sln")).Replace('\\', '/');
        var missing = Repository.Projects.Where(project => project.Room != "AppHost" && !project.File.StartsWith("eng/feed/", StringComparison.Ordinal))
            .Where(project => !solution.Contains($"\"{project.File}\"", StringComparison.Ordinal));

        missing.Select(project => project.File).ShouldBeEmpty();
    }
}
