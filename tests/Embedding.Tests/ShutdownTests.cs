using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Tests.Features;
using RagPlatform.Embedding.Tests.Models;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests;

public sealed class ShutdownTests : IDisposable, IConsumeMessageObserver<ChunksPrepared>, IPublishObserver
{
    /// <summary>Consumers get 5 seconds; the host would give up after 30.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly TestFolder folder = new();
    private readonly TaskCompletionSource consuming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> consumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Type> published = new();

    [Fact]
    public async Task Stop_WhileAModelIsBeingPulled_EndsTheWaitOfItsChunks()
    {
        var server = await StartAsync();
        var bus = server.Services.GetRequiredService<IBus>();
        using var observing = bus.ConnectConsumeMessageObserver(this);
        await bus.Publish(EmbedChunksConsumerTests.Batch(chunks: 1)).WithTimeout("the publish");
        await consuming.Task.WithTimeout("the consumer");
        using var publishing = bus.ConnectPublishObserver(this);

        await server.DisposeAsync().AsTask().WithTimeout("the host's stop", StopLimit);

        (await consumed.Task.WithTimeout("the consumer's end")).ShouldBeAssignableTo<OperationCanceledException>();
        published.ShouldBeEmpty("a fault would make the document a failed one");
    }

    Task IConsumeMessageObserver<ChunksPrepared>.PreConsume(ConsumeContext<ChunksPrepared> context)
    {
        consuming.TrySetResult();
        return Task.CompletedTask;
    }

    Task IConsumeMessageObserver<ChunksPrepared>.PostConsume(ConsumeContext<ChunksPrepared> context) => Task.CompletedTask;

    Task IConsumeMessageObserver<ChunksPrepared>.ConsumeFault(ConsumeContext<ChunksPrepared> context, Exception exception)
    {
        consumed.TrySetResult(exception);
        return Task.CompletedTask;
    }

    Task IPublishObserver.PrePublish<T>(PublishContext<T> context)
    {
        published.Enqueue(typeof(T));
        return Task.CompletedTask;
    }

    Task IPublishObserver.PostPublish<T>(PublishContext<T> context) => Task.CompletedTask;

    Task IPublishObserver.PublishFault<T>(PublishContext<T> context, Exception exception) => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    private Task<TestServer> StartAsync() =>
        TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection([new("Embedding:Model", TestModel.Id), new("Embedding:ModelsDirectory", folder.Path), new("Data:Directory", folder.Path)]);
                builder.AddEmbedding();
                var never = new FakeFetcher(ModelSourceKind.Npm, _ => new TaskCompletionSource().Task);
                builder.Services.AddSingleton(new ModelStore(folder.Path, TestModel.Catalog(ModelSourceKind.Npm), [never], TimeProvider.System));
                builder.AddInProcessMessaging(EmbeddingModule.AddConsumers);
            },
            app => app.MapEmbedding());
}
