using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using RagPlatform.Embedding.Serving;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests;

public sealed class StartupLogTests : IDisposable
{
    private readonly TestFolder folder = new();

    [Fact]
    public async Task Probe_OfAHostThatIsNotReady_AnswersWhyAndLogsNothing()
    {
        using var log = new Log();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Embedding:ModelsDirectory", folder.Path), new("Embedding:PullOnStart", "false")]);
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddServiceDefaults("embedding").AddEmbedding();
        await using var app = builder.Build();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WithTimeout("the probe");

        report.Entries[ModelHealthCheck.Name].Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries[ModelHealthCheck.Name].Description!.ShouldContain("rag models pull");
        log.Lines.ShouldBeEmpty();
    }

    public void Dispose() => folder.Dispose();

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
