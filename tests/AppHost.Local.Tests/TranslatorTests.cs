using System.Text.Json;
using RagPlatform.AppHost.Local.Dcp;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class TranslatorTests
{
    [Fact]
    public void Executable_OfTheGateway_FindsItsServicesAndItsKey()
    {
        var environment = EnvironmentOf("gateway");

        environment["services__ingestion__http__0"].ShouldBe("http://127.0.0.1:1002");
        environment["services__retrieval__http__0"].ShouldBe("http://127.0.0.1:1003");
        environment["services__generation__http__0"].ShouldBe("http://127.0.0.1:1004");
        environment["services__embedding__http__0"].ShouldBe("http://127.0.0.1:1001");
        environment["Gateway__ApiKeys__0__Key"].ShouldBe("secret-key");
        environment["Gateway__ApiKeys__0__Tenant"].ShouldBe("default");
        environment.Keys.ShouldNotContain("ConnectionStrings__rabbitmq");
    }

    [Fact]
    public void Executable_OfABusMember_GetsTheBrokerAndItsDataFolder()
    {
        var environment = EnvironmentOf("ingestion");

        environment["ConnectionStrings__rabbitmq"].ShouldBe("amqp://guest:guest@127.0.0.1:5672/");
        Path.IsPathRooted(environment["Data__Directory"]).ShouldBeTrue();
    }

    [Fact]
    public void Executable_Any_ListensWhereDcpSaysAndNamesItsTelemetry()
    {
        var environment = EnvironmentOf("retrieval");

        environment["GRPC_PORT"].ShouldBe("{{- portForServing \"retrieval-http\" -}}");
        environment["HEALTH_PORT"].ShouldBe("{{- portForServing \"retrieval-health\" -}}");
        environment["OTEL_SERVICE_NAME"].ShouldBe("retrieval");
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://127.0.0.1:4317");
        environment["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=1");
    }

    [Fact]
    public void Executable_InJson_IsWhatDcpReads()
    {
        var project = AppHostModel.Build().Service("embedding");
        var json = JsonSerializer.SerializeToElement(Translator.Executable(project, 3, AppHostModel.Addresses, "/built/Embedding.dll"), DcpJson.Options);

        json.GetProperty("apiVersion").GetString().ShouldBe("usvc-dev.developer.microsoft.com/v1");
        json.GetProperty("kind").GetString().ShouldBe("Executable");
        json.GetProperty("metadata").GetProperty("name").GetString().ShouldBe("embedding-3");
        json.GetProperty("metadata").GetProperty("annotations").GetProperty("service-producer").GetString()
            .ShouldBe("""[{"serviceName":"embedding-http","address":"127.0.0.1"},{"serviceName":"embedding-health","address":"127.0.0.1"}]""");
        var spec = json.GetProperty("spec");
        spec.GetProperty("executionType").GetString().ShouldBe("Process");
        spec.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()).ShouldBe(["/built/Embedding.dll"]);
        spec.GetProperty("workingDirectory").GetString()!.ShouldEndWith(Path.Combine("services", "Embedding"));
        File.Exists(spec.GetProperty("executablePath").GetString()).ShouldBeTrue();
    }

    [Fact]
    public void Services_OfTheModel_AreOnePerEndpointOnLoopback()
    {
        var services = Translator.Services(AppHostModel.Build()).ToList();

        services.Count.ShouldBe(12);
        var json = JsonSerializer.SerializeToElement(services[0], DcpJson.Options).GetProperty("spec");
        json.GetProperty("protocol").GetString().ShouldBe("TCP");
        json.GetProperty("address").GetString().ShouldBe("127.0.0.1");
        json.TryGetProperty("port", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("25001", 25001)]
    [InlineData("0", null)]
    public void GatewayPort_OnTheCommandLine_IsItsServicesPort(string argument, int? port)
    {
        var services = Translator.Services(AppHostModel.Build(settings: null, "--gateway-port", argument));

        services.Single(service => service.Metadata.Name == "gateway-http").Spec.Port.ShouldBe(port);
    }

    private static Dictionary<string, string> EnvironmentOf(string service) =>
        Translator.Executable(AppHostModel.Build().Service(service), 1, AppHostModel.Addresses, "service.dll").Spec.Env.ToDictionary(variable => variable.Name, variable => variable.Value);
}
