using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using RagPlatform.CommandLine.Run;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Testing;

/// <summary>Runs <c>dotnet test RagPlatform.sln</c> and tells of each project as soon as it is through.</summary>
internal sealed class TestRun(Session session, Checkout checkout)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    private readonly string resultsFolder = Path.Combine(checkout.Root, "artifacts", "test-results");
    private readonly Dictionary<string, ProjectResult> results = new(StringComparer.Ordinal);

    /// <param name="needs">What the tests are given: brokers, model.</param>
    /// <param name="arguments">Passed on to dotnet test.</param>
    /// <returns>The results by project, and whether dotnet test itself called the run a success.</returns>
    public async Task<(IReadOnlyList<ProjectResult> Results, bool Succeeded)> RunAsync(
        TestNeeds needs, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (Directory.Exists(resultsFolder))
        {
            Directory.Delete(resultsFolder, recursive: true);
        }

        Directory.CreateDirectory(resultsFolder);
        if (needs.EndToEndBroker is { } broker)
        {
            WriteSettings("EndToEnd.Tests", TestNeeds.BrokerVariable, broker.AbsoluteUri);
        }

        using var process = Start(needs.Environment, arguments);
        await using var log = File.CreateText(Path.Combine(resultsFolder, "output.log"));
        var copying = Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log));
        try
        {
            await session.ShowAsync("Running the tests.", async report =>
            {
                var began = TimeProvider.System.GetTimestamp();
                var exit = process.WaitForExitAsync(cancellationToken);
                while (!exit.IsCompleted)
                {
                    await Task.WhenAny(exit, Task.Delay(PollInterval, cancellationToken));
                    Collect();
                    report(string.Create(CultureInfo.InvariantCulture, $"Running the tests: {results.Count} projects through, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s."));
                }

                await exit;
            });
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await copying;
        Collect();
        return ([.. results.Values], process.ExitCode == 0);
    }

    public string LogPath => Path.Combine(resultsFolder, "output.log");

    private Process Start(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["test", "RagPlatform.sln", "--configuration", checkout.Configuration, "--no-build", "--nologo", "--logger", "trx", .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["RAG_TEST_RESULTS"] = resultsFolder;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing may go on after the run
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>An environment variable for one project alone; Directory.Build.props hands the file to the test host.</summary>
    private void WriteSettings(string project, string variable, string value) =>
        new XElement("RunSettings", new XElement("RunConfiguration", new XElement("EnvironmentVariables", new XElement(variable, value))))
            .Save(Path.Combine(resultsFolder, project + ".runsettings"));

    private void Collect()
    {
        foreach (var file in Directory.GetFiles(resultsFolder, "*.trx", SearchOption.AllDirectories))
        {
            var project = Path.GetFileName(Path.GetDirectoryName(file))!;
            if (!results.ContainsKey(project) && TrxFile.TryRead(project, file) is { } result)
            {
                results.Add(project, result);
                if (result.Tests.Count > 0 || result.Abort is not null)
                {
                    session.Out.WriteLine(TestReport.Line(result));
                }
            }
        }
    }

    private static async Task CopyAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to)
            {
                to.WriteLine(line);
            }
        }
    }
}
