using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

public sealed class StandaloneTests
{
    private const string Collection = "manuals";
    private const int Documents = 200;

    [RequiresModelFact]
    public async Task Question_AboutAnIngestedDocument_IsAnsweredWithAVerbatimCitation()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await gateway.PutAsync(Collection, Manuals.Id(1), Manuals.Text(1));
        await gateway.WaitForIndexedAsync(Collection, 1, TestTimeout.Default);

        var answer = await gateway.AskAsync(Collection, "What is the valve code of pump 1?");

        answer.Order.ShouldBe([AskResponse.PartOneofCase.Sources, AskResponse.PartOneofCase.Text, AskResponse.PartOneofCase.Citations, AskResponse.PartOneofCase.Completion]);
        answer.Text.ShouldContain(Manuals.Valve(1));
        answer.Citations.ShouldNotBeEmpty();
        foreach (var citation in answer.Citations)
        {
            citation.DocumentId.ShouldBe(Manuals.Id(1));
            Manuals.Text(1)[citation.StartOffset..citation.EndOffset].ShouldBe(citation.Quote);
        }

        answer.Completion.ShouldNotBeNull().Timings.ShouldContain(timing => timing.IsModel);
    }

    [RequiresModelFact]
    public async Task Question_OffTheDocuments_IsAnAbstention()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await gateway.PutAsync(Collection, Manuals.Id(1), Manuals.Text(1));
        await gateway.WaitForIndexedAsync(Collection, 1, TestTimeout.Default);

        var answer = await gateway.AskAsync(Collection, "Who won the 1966 World Cup?");

        answer.Text.ShouldBeEmpty();
        answer.Citations.ShouldBeEmpty();
        answer.Abstention.ShouldNotBeNull().Message.ShouldNotBeEmpty();
    }

    [RequiresModelFact]
    public async Task Caller_WithoutAKnownKey_IsRefusedAndCannotReachWhatIsBehindTheGateway()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var stranger = platform.Connect("guess");

        (await Should.ThrowAsync<RpcException>(() => stranger.ListAsync(Collection))).StatusCode.ShouldBe(StatusCode.Unauthenticated);

        using var gateway = platform.Connect();
        var registry = new Protos.Ingestion.V1.IngestionService.IngestionServiceClient(gateway.Channel);
        var past = await Should.ThrowAsync<RpcException>(() => registry.CountDocumentsAsync(new() { Tenant = "default" }).ResponseAsync);
        past.StatusCode.ShouldBe(StatusCode.Unimplemented);
    }

    [RequiresModelFact]
    public async Task Kill_InTheMiddleOf200Documents_LosesNothingAndDoublesNothing()
    {
        await using var platform = await StandalonePlatform.StartAsync();
        using var gateway = platform.Connect();
        await Promises.PutAllAsync(gateway, Collection, Documents);
        await TestTimeout.EventuallyAsync(async () => await gateway.CountAsync(Collection, DocumentState.Indexed) >= Documents / 10, "the first tenth indexed");
        (await gateway.CountAsync(Collection, DocumentState.Indexed)).ShouldBeLessThan(Documents);
        await platform.KillAsync();
        await platform.RestartAsync();

        await gateway.WaitForIndexedAsync(Collection, Documents, TimeSpan.FromSeconds(90));
        await Promises.ShouldBeIndexedOnceAsync(gateway, Collection, Documents);
        await Promises.ResendShouldChangeNothingAsync(gateway, Collection, Documents);
        await Promises.DeletedShouldBeGoneAsync(gateway, Collection, Documents, deleted: 50);
    }
}
