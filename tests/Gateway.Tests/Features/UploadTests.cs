using Google.Protobuf;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;
using Downstream = RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class UploadTests
{
    private static readonly UploadDocumentRequest Header = new() { Header = new DocumentHeader { Id = "big", Metadata = { ["k"] = "v" } } };

    [Fact]
    public async Task Pieces_ArePassedOnAsTheyCome_NotCollectedFirst()
    {
        await using var server = await GatewayServer.StartAsync();
        var seen = System.Threading.Channels.Channel.CreateUnbounded<int>();
        server.Fakes.Upload = async (pieces, context) =>
        {
            while (await pieces.MoveNext(context.CancellationToken))
            {
                await seen.Writer.WriteAsync(pieces.Current.Content.Length);
            }

            return new Downstream.PutDocumentResponse { Document = new Downstream.Document { Id = "big" } };
        };
        using var call = server.Client.UploadDocument(GatewayServer.Key());
        await call.RequestStream.WriteAsync(Header);

        foreach (var bytes in new[] { 1, 1_000_000, 3 * 1024 * 1024 })
        {
            await call.RequestStream.WriteAsync(Piece(bytes));
            (await seen.Reader.ReadAsync().AsTask().WithTimeout("the piece's arrival")).ShouldBe(bytes);
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseAsync.WithTimeout("the response")).Document.Id.ShouldBe("big");
    }

    [Fact]
    public async Task Refusal_OfIngestionInTheMiddle_ReachesTheCallerWhoStillSends()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Upload = async (pieces, context) =>
        {
            await pieces.MoveNext(context.CancellationToken);
            throw new ServiceException(FailureKind.InvalidArgument, "DOCUMENT_TOO_LARGE", "content: too large.") { Field = "content" };
        };
        using var call = server.Client.UploadDocument(GatewayServer.Key());
        await call.RequestStream.WriteAsync(Header);
        await call.RequestStream.WriteAsync(Piece(10));

        // Not completed: the answer must come although the caller could go on.
        (await Failures.OfAsync(() => call.ResponseAsync)).Code.ShouldBe("DOCUMENT_TOO_LARGE");
    }

    [Theory]
    [InlineData("no message", "HEADER_MISSING", "header")]
    [InlineData("content first", "HEADER_MISSING", "header")]
    [InlineData("two headers", "HEADER_REPEATED", "header")]
    [InlineData("large piece", "CONTENT_TOO_LARGE", "content")]
    public async Task Messages_InTheWrongForm_AreRefusedAndIngestionNeverSeesAWholeDocument(string form, string code, string field)
    {
        await using var server = await GatewayServer.StartAsync();
        var completed = false;
        server.Fakes.Upload = async (pieces, context) =>
        {
            while (await pieces.MoveNext(context.CancellationToken))
            {
            }

            completed = true;
            return new Downstream.PutDocumentResponse { Document = new Downstream.Document() };
        };
        using var call = server.Client.UploadDocument(GatewayServer.Key());
        UploadDocumentRequest[] messages = form switch
        {
            "content first" => [Piece(1)],
            "two headers" => [Header, Header],
            "large piece" => [Header, Piece((3 * 1024 * 1024) + 1)],
            _ => [],
        };
        foreach (var message in messages)
        {
            await call.RequestStream.WriteAsync(message);
        }

        await call.RequestStream.CompleteAsync();
        var failure = await Failures.OfAsync(() => call.ResponseAsync);

        (failure.Kind, failure.Code, failure.Field).ShouldBe((FailureKind.InvalidArgument, code, field));
        completed.ShouldBeFalse();
    }

    [Fact]
    public async Task Caller_WhoLeavesInTheMiddle_LeavesNoDocument()
    {
        await using var server = await GatewayServer.StartAsync();
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource<bool>();
        server.Fakes.Upload = async (pieces, _) =>
        {
            started.SetResult();
            try
            {
                while (await pieces.MoveNext(CancellationToken.None))
                {
                }

                ended.SetResult(true);
            }
            catch (Exception)
            {
                ended.SetResult(false);
                throw;
            }

            return new Downstream.PutDocumentResponse { Document = new Downstream.Document() };
        };
        using (var call = server.Client.UploadDocument(GatewayServer.Key()))
        {
            await call.RequestStream.WriteAsync(Header);
            await call.RequestStream.WriteAsync(Piece(10));
            await started.Task.WithTimeout("the upload's arrival");
        }

        (await ended.Task.WithTimeout("the upload's end")).ShouldBeFalse();
    }

    [Fact]
    public async Task Put_OverTheMessageLimit_NamesSizeLimitAndRemedy()
    {
        await using var server = await GatewayServer.StartAsync();

        var failure = await Failures.OfAsync(() => server.Client.PutDocumentAsync(
            new PutDocumentRequest { Header = new DocumentHeader(), Content = ByteString.CopyFrom(new byte[(3 * 1024 * 1024) + 1]) }, GatewayServer.Key()).ResponseAsync);

        failure.Field.ShouldBe("content");
        failure.Message.ShouldContain("3,145,729");
        failure.Message.ShouldContain("3,145,728");
        failure.Remedy.ShouldNotBeNull().ShouldContain("UploadDocument");
    }

    [Fact]
    public async Task StageContent_PassesPiecesOnAsTheyAre()
    {
        await using var server = await GatewayServer.StartAsync();
        using var call = server.Client.StageContent(GatewayServer.Key());
        foreach (var bytes in new[] { 1, 1_000_000, 3 * 1024 * 1024 })
        {
            await call.RequestStream.WriteAsync(new StageContentRequest { Content = ByteString.CopyFrom(new byte[bytes]) });
        }

        await call.RequestStream.CompleteAsync();

        var response = await call.ResponseAsync.WithTimeout("the response");
        (response.ContentRef, response.ContentBytes).ShouldBe(("1 1000000 3145728", 4_145_729));
    }

    [Fact]
    public async Task StageContent_PieceThatIsTooLarge_IsRefused()
    {
        await using var server = await GatewayServer.StartAsync();
        using var call = server.Client.StageContent(GatewayServer.Key());
        await call.RequestStream.WriteAsync(new StageContentRequest { Content = ByteString.CopyFrom(new byte[(3 * 1024 * 1024) + 1]) });

        (await Failures.OfAsync(() => call.ResponseAsync)).Code.ShouldBe("CONTENT_TOO_LARGE");
    }

    private static UploadDocumentRequest Piece(int bytes) => new() { Content = ByteString.CopyFrom(new byte[bytes]) };
}
