using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Grpc.Tests;

public sealed class StreamTests
{
    [Fact]
    public async Task MessageOfAStream_OverTheLimit_IsTheCallersFaultAndNamesTheLimit()
    {
        await using var server = await TestServer.StartAsync(new ProbeUpload(async (pieces, _) => await pieces.MoveNext()));
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxSendMessageSize = null });
        using var call = new IngestionService.IngestionServiceClient(channel).UploadDocument();
        var write = call.RequestStream.WriteAsync(new UploadDocumentRequest { Content = ByteString.CopyFrom(new byte[17 * 1024 * 1024]) });

        var exception = await Should.ThrowAsync<RpcException>(() => call.ResponseAsync.WithTimeout("the call"));

        var failure = FailureStatus.FromRpcException(exception).ShouldNotBeNull();
        (failure.Kind, failure.Code).ShouldBe((FailureKind.InvalidArgument, "MESSAGE_TOO_LARGE"));
        failure.Message.ShouldContain("16,777,216");
        await write.ContinueWith(_ => { }, TaskScheduler.Default).WithTimeout("the write");
    }

    [Fact]
    public async Task Caller_WhoIsGoneInMidStream_IsNoBug()
    {
        var reading = new TaskCompletionSource();
        var ended = new TaskCompletionSource<Exception>();
        using var log = new ErrorLog();
        await using (var server = await TestServer.StartAsync(
            builder => builder.Logging.AddProvider(log).Services.AddSingleton(new ProbeUpload(async (pieces, _) =>
            {
                await pieces.MoveNext();
                reading.SetResult();
                try
                {
                    await pieces.MoveNext();
                }
                catch (Exception exception)
                {
                    ended.SetResult(exception);
                    throw;
                }
            })),
            app => app.MapGrpcService<ProbeUpload>()))
        {
            using (var call = new IngestionService.IngestionServiceClient(server.Channel).UploadDocument())
            {
                await call.RequestStream.WriteAsync(new UploadDocumentRequest());
                await reading.Task.WithTimeout("the first piece");
            }

            await ended.Task.WithTimeout("the end of the stream");
        }

        log.Errors.ShouldBeEmpty();
    }

    /// <summary>Keeps what is logged as an error.</summary>
    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
