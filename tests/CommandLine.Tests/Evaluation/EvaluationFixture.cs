using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests.Evaluation;

/// <summary>rag's eval commands in this process, against a gateway whose rankings the test decides; new for each test.</summary>
public abstract class EvaluationFixture : IAsyncLifetime, IDisposable
{
    private TestServer server = null!;

    internal JudgedGateway Gateway { get; } = new();

    internal TestFolder Folder { get; } = new();

    public async Task InitializeAsync() =>
        server = await TestServer.StartAsync(builder => builder.Services.AddSingleton(Gateway), app => app.MapGrpcService<JudgedGateway>());

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a set whose query q1, q2, ... wants the documents of the same number.</summary>
    internal void WriteSet(string folder, params (string Query, string Wanted)[] queries)
    {
        Write($"{folder}/corpus.jsonl", string.Concat(queries.Select((_, i) => $"{{\"_id\": \"d{i + 1}\", \"title\": \"Title {i + 1}\", \"text\": \"Text {i + 1}\"}}\n")));
        Write($"{folder}/queries.jsonl", string.Concat(queries.Select((query, i) => $"{{\"_id\": \"q{i + 1}\", \"text\": \"{query.Query}\"}}\n")));
        Write($"{folder}/qrels.tsv", "query-id\tcorpus-id\tscore\n" + string.Concat(queries.Select((query, i) => $"q{i + 1}\t{query.Wanted}\t1\n")));
    }

    internal void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder.File(file))!);
        File.WriteAllText(Folder.File(file), text);
    }

    internal async Task<Ran> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var session = new Session
        {
            Out = output,
            Err = error,
            OpenInput = () => Stream.Null,
            Environment = name => name switch { "RAG_ROOT" => Folder.Path, "RAG_GATEWAY" => server.Address.OriginalString, _ => null },
            CurrentDirectory = Folder.Path,
        };
        var exitCode = await RagCommandLine.RunAsync(arguments, session).WithTimeout($"rag {string.Join(' ', arguments)}");
        return new Ran(exitCode, output.ToString(), error.ToString());
    }
}
