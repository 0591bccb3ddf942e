using System.CommandLine;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.CommandLine.Testing;

namespace RagPlatform.CommandLine.Commands;

internal static class TestCommand
{
    public static Command Create(Session session)
    {
        var arguments = new Argument<string[]>("arguments") { Description = "After --: passed on to dotnet test, for example a filter.", Arity = ArgumentArity.ZeroOrMore };
        var command = new RagCommand(
            "test",
            "Proves the platform: provides what the tests need, runs all of them, and ends with \"N passed, N failed\".",
            "rag test",
            "rag test -- --filter FullyQualifiedName~Retrieval")
        {
            arguments,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(session, parsed.GetValue(arguments) ?? [], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string[] arguments, CancellationToken cancellationToken)
    {
        var checkout = Checkout.Find(session);
        var run = new TestRun(session, checkout);
        IReadOnlyList<ProjectResult> results;
        bool succeeded;
        await using (var needs = await TestNeeds.ProvideAsync(session, checkout, cancellationToken))
        {
            (results, succeeded) = await run.RunAsync(needs, arguments, cancellationToken);
        }

        foreach (var line in TestReport.Failures(results).Concat(TestReport.LeftOut(results)))
        {
            session.Out.WriteLine(line);
        }

        var failed = results.Sum(result => result.Failed);
        var passed = results.Sum(result => result.Passed);
        if (!succeeded && failed == 0)
        {
            session.Out.WriteLine($"dotnet test failed by itself, see {run.LogPath}:");
            session.Out.WriteLine(DetachedProcess.LastLines(run.LogPath, 5));
        }

        session.Err.Flush();
        session.Out.WriteLine(TestReport.Total(results));
        return succeeded && failed == 0 && passed > 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
