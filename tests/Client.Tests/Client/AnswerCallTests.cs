using Grpc.Core;
using RagPlatform.TestKit;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class AnswerCallTests
{
    [Fact]
    public async Task Ask_YieldsPartsInOrderAndAnswerCollectsThem()
    {
        var gateway = new FakeGateway
        {
            Answer = async (parts, _) =>
            {
                await parts.WriteAsync(new V1.AskResponse { Sources = new V1.SourceList { Sources = { new V1.Source { Number = 1, Hit = new V1.SearchHit { Text = "passage", HeadingPath = { "A", "B" } } } } } });
                await parts.WriteAsync(new V1.AskResponse { Text = "One " });
                await parts.WriteAsync(new V1.AskResponse { Text = "two [1]." });
                await parts.WriteAsync(new V1.AskResponse { Citations = new V1.CitationList { Citations = { new V1.Citation { SourceNumber = 1, Quote = "pass", StartOffset = 3, EndOffset = 7 } } } });
                await parts.WriteAsync(new V1.AskResponse { Completion = new V1.Completion { TraceId = "t", Usage = new V1.Usage { Model = "extractive", Evidence = 0.5 }, Timings = { new V1.Timing { Part = "search", Milliseconds = 2 } } } });
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var parts = await client.AskAsync(new Question("?")).ToListAsync();
        var answer = await client.AnswerAsync(new Question("?"));

        parts.Select(part => part.GetType().Name).ShouldBe(["SourcesFound", "TextPiece", "TextPiece", "CitationsVerified", "Completed"]);
        answer.Text.ShouldBe("One two [1].");
        answer.Abstention.ShouldBeNull();
        answer.Sources.ShouldHaveSingleItem().Hit.HeadingPath.ShouldBe(["A", "B"]);
        answer.Citations.ShouldHaveSingleItem().Quote.ShouldBe("pass");
        answer.Usage.Model.ShouldBe("extractive");
        answer.Timings.ShouldBe([new Timing("search", 2, false)]);
        answer.TraceId.ShouldBe("t");
    }

    [Fact]
    public async Task Abstention_AfterText_DiscardsTheText()
    {
        var gateway = new FakeGateway
        {
            Answer = async (parts, _) =>
            {
                await parts.WriteAsync(new V1.AskResponse { Text = "Made up." });
                await parts.WriteAsync(new V1.AskResponse { Abstention = new V1.Abstention { Reason = V1.AbstentionReason.UnsupportedAnswer, Message = "No support." } });
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var answer = await client.AnswerAsync(new Question("?"));

        answer.Text.ShouldBeEmpty();
        answer.Abstention.ShouldBe(new Abstention(AbstentionReason.UnsupportedAnswer, "No support."));
    }

    [Fact]
    public async Task Ask_LeftEarly_EndsTheCall()
    {
        var ended = new TaskCompletionSource();
        var gateway = new FakeGateway
        {
            Answer = async (parts, context) =>
            {
                using var registration = context.CancellationToken.Register(() => ended.TrySetResult());
                await parts.WriteAsync(new V1.AskResponse { Text = "first" });
                await ended.Task;
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        await foreach (var part in client.AskAsync(new Question("?")))
        {
            part.ShouldBe(new AnswerPart.TextPiece("first"));
            break;
        }

        await ended.Task.WithTimeout("the call's end at the gateway");
    }

    [Fact]
    public async Task Ask_Cancelled_IsACancellationNotAFailure()
    {
        var arrived = new TaskCompletionSource();
        var gateway = new FakeGateway
        {
            Answer = async (_, context) =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);
        using var caller = new CancellationTokenSource();

        var answer = client.AnswerAsync(new Question("?"), caller.Token);
        await arrived.Task.WithTimeout("the question's arrival");
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer.WithTimeout("the cancelled answer"));
    }
}
