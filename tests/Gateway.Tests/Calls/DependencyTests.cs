using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Calls;

public sealed class DependencyTests
{
    /// <summary>Port 1 is privileged and unused: nothing answers there.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    [Fact]
    public async Task Service_ThatIsDown_IsUnavailableAndNamed()
    {
        await using var server = await GatewayServer.StartAsync(("services:retrieval:http:0", Nowhere));

        var failure = await Failures.OfAsync(() => server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key()).ResponseAsync);

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldContain("retrieval");
        failure.Remedy.ShouldNotBeNull();
        failure.RetryDelay.ShouldNotBeNull();
    }

    [Fact]
    public async Task Stream_OfAServiceThatIsDown_IsUnavailableAndNamed()
    {
        await using var server = await GatewayServer.StartAsync(("services:generation:http:0", Nowhere));

        var failure = await Failures.OfAsync(() => server.Client.Ask(new AskRequest(), GatewayServer.Key()).ReadAsync());

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldContain("generation");
    }

    [Fact]
    public async Task Upload_ToIngestionThatIsDown_IsUnavailableAndNamed()
    {
        await using var server = await GatewayServer.StartAsync(("services:ingestion:http:0", Nowhere));
        using var call = server.Client.UploadDocument(GatewayServer.Key());
        await call.RequestStream.WriteAsync(new UploadDocumentRequest { Header = new DocumentHeader() });

        var failure = await Failures.OfAsync(() => call.ResponseAsync);

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldContain("ingestion");
    }

    [Fact]
    public async Task Failure_OfAService_KeepsItsStatusAndDetails()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Get = _ => throw new ServiceException(FailureKind.NotFound, "DOCUMENT_NOT_FOUND", "id: 'x' is not in 'default'.") { Field = "id", Remedy = "List the documents." };

        var failure = await Failures.OfAsync(() => server.Client.GetDocumentAsync(new GetDocumentRequest { Id = "x" }, GatewayServer.Key()).ResponseAsync);

        (failure.Kind, failure.Code, failure.Message, failure.Field, failure.Remedy)
            .ShouldBe((FailureKind.NotFound, "DOCUMENT_NOT_FOUND", "id: 'x' is not in 'default'.", "id", "List the documents."));
    }

    [Fact]
    public async Task Failure_InTheMiddleOfAStream_ComesAfterThePartsBeforeIt()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Answer = async (_, parts, _) =>
        {
            await parts.WriteAsync(new Protos.Generation.V1.AnswerResponse { Text = "so far" });
            throw new ServiceException(FailureKind.Unavailable, "MODEL_DOWN", "model: 'openai/x' does not answer.");
        };
        using var call = server.Client.Ask(new AskRequest(), GatewayServer.Key());

        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        call.ResponseStream.Current.Text.ShouldBe("so far");
        (await Failures.OfAsync(() => call.ResponseStream.MoveNext(CancellationToken.None))).Code.ShouldBe("MODEL_DOWN");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_KilledInTheMiddleOfAStream_IsUnavailableAndNamed(bool isUpload)
    {
        await using var behind = await GatewayServer.StartAsync();
        await using var wire = new Wire(behind.Behind);
        await using var server = await GatewayServer.StartAsync(("services:generation:http:0", wire.Address.ToString()), ("services:ingestion:http:0", wire.Address.ToString()));
        var arrived = new TaskCompletionSource();
        behind.Fakes.Answer = async (_, parts, context) =>
        {
            await parts.WriteAsync(new Protos.Generation.V1.AnswerResponse { Text = "so far" });
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        behind.Fakes.Upload = async (pieces, context) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            throw new InvalidOperationException("unreachable");
        };

        ServiceException failure;
        if (isUpload)
        {
            using var call = server.Client.UploadDocument(GatewayServer.Key());
            await call.RequestStream.WriteAsync(new UploadDocumentRequest { Header = new DocumentHeader() });
            await arrived.Task.WithTimeout("the upload's arrival");
            wire.Cut();
            failure = await Failures.OfAsync(() => call.ResponseAsync);
        }
        else
        {
            using var call = server.Client.Ask(new AskRequest(), GatewayServer.Key());
            (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the first part")).ShouldBeTrue();
            wire.Cut();
            failure = await Failures.OfAsync(() => call.ResponseStream.MoveNext(CancellationToken.None));
        }

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Message.ShouldContain(isUpload ? "ingestion" : "generation");
    }

    [Fact]
    public async Task Bug_InAService_IsInternalWithoutItsText()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Get = _ => throw new InvalidOperationException("connection string with a password");

        var exception = await Should.ThrowAsync<RpcException>(() => server.Client.GetDocumentAsync(new GetDocumentRequest(), GatewayServer.Key()).ResponseAsync);

        exception.StatusCode.ShouldBe(StatusCode.Internal);
        exception.Status.Detail.ShouldNotContain("password");
    }

    [Fact]
    public async Task Status_WithAServiceDown_StillAnswersAndSaysWhich()
    {
        await using var server = await GatewayServer.StartAsync(("services:embedding:http:0", Nowhere));

        var status = await server.Client.GetStatusAsync(new GetStatusRequest(), GatewayServer.Key());

        status.Services.Where(service => !service.Healthy).Select(service => service.Service).ShouldBe(["embedding"]);
        status.Services.Single(service => !service.Healthy).Detail.ShouldContain("embedding");
        status.Services.Count.ShouldBe(5);
        status.Documents.ShouldHaveSingleItem().ShouldBe(new DocumentCount { State = DocumentState.Indexed, Count = 3 });
        status.Tenant.ShouldBe("a");
        status.Version.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Status_WithIngestionDown_StillAnswersWithoutCounts()
    {
        await using var server = await GatewayServer.StartAsync(("services:ingestion:http:0", Nowhere));

        var status = await server.Client.GetStatusAsync(new GetStatusRequest(), GatewayServer.Key());

        status.Services.Where(service => !service.Healthy).Select(service => service.Service).ShouldBe(["ingestion"]);
        status.Documents.ShouldBeEmpty();
    }
}
