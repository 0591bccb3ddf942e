using RagPlatform.CommandLine.Run;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class RunFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    private string RunFilePath => folder.File("run.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WhatTheAppHostWrites_IsUnderstoodAlsoBeforeTheGatewayIsKnown()
    {
        File.WriteAllText(RunFilePath, """
            {"mode":"distributed","pid":12,"gateway":null,"dashboard":"http://127.0.0.1:18888","otlp":"http://127.0.0.1:18889","rabbitmq":"amqp://guest:guest@127.0.0.1:5672/",
             "apiKey":"secret","ready":false,"resources":[{"name":"gateway","pid":null,"state":"Waiting","healthy":null,"restarts":0,"endpoints":{"http":"http://127.0.0.1:1"}}],"later":1}
            """);

        var run = RunFile.Read(RunFilePath).ShouldNotBeNull();

        run.Gateway.ShouldBeNull();
        run.Ready.ShouldBeFalse();
        run.Resources.ShouldNotBeNull().ShouldHaveSingleItem().State.ShouldBe("Waiting");
    }

    [Fact]
    public async Task Write_ReadMeanwhile_IsAlwaysWhole()
    {
        using var done = new CancellationTokenSource();
        RunFile.Write(RunFilePath, State(0));
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                RunFile.Read(RunFilePath).ShouldNotBeNull().Resources.ShouldNotBeNull().Count.ShouldBe(50);
                reading.TrySetResult();
            }
        });
        await Task.WhenAny(reading.Task, reader).WithTimeout("the reader's start");

        for (var write = 1; write <= 300; write++)
        {
            RunFile.Write(RunFilePath, State(write));
        }

        await done.CancelAsync();
        await reader.WithTimeout("the reader");
        Directory.GetFiles(folder.Path).ShouldBe([RunFilePath]);
    }

    [Fact]
    public void ReadLive_ProcessIsGone_IsNoRun()
    {
        RunFile.Write(RunFilePath, State(0) with { Pid = int.MaxValue });

        RunFile.ReadLive(RunFilePath).ShouldBeNull();
    }

    [Fact]
    public void ReadLive_ProcessNumberWasGivenAway_IsNoRun()
    {
        RunFile.Write(RunFilePath, State(0));
        RunFile.ReadLive(RunFilePath).ShouldNotBeNull();

        File.SetLastWriteTimeUtc(RunFilePath, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        RunFile.ReadLive(RunFilePath).ShouldBeNull("this process is younger than the file");
    }

    [Fact]
    public void Read_Broken_SaysWhatToDo()
    {
        File.WriteAllText(RunFilePath, "{\"mode\":");

        Should.Throw<CommandException>(() => RunFile.Read(RunFilePath)).Remedy.ShouldNotBeNull().ShouldContain("Delete it");
    }

    private static RunState State(int restarts) => new(
        RunState.Standalone, Environment.ProcessId, new Uri("http://127.0.0.1:7600"), null, null, null, "dev", Ready: true,
        [.. Enumerable.Range(0, 50).Select(index => new RunResource($"service-{index}", 1, "Running", Restarts: restarts))]);
}
