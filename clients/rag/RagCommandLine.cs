using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Commands;
using RagPlatform.CommandLine.Commands.FineTuning;
using RagPlatform.CommandLine.Commands.Sources;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine;

/// <summary>The <c>rag</c> command: its tree, and the one place where failures become a line and an exit code.</summary>
internal static class RagCommandLine
{
    /// <summary>The client's code for a gateway that did not answer at all.</summary>
    internal const string UnreachableCode = "GATEWAY_UNREACHABLE";

    /// <summary>How long a command may tidy up after Ctrl-C.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Session session, CancellationToken cancellationToken = default)
    {
        var parsed = BuildTree(session).Parse(arguments.Count > 0 ? arguments : ["--help"]);
        var name = string.Join(' ', Names(parsed.CommandResult.Command));
        if (parsed.Action is ParseErrorAction)
        {
            session.Error(name, Mistakes(parsed), $"See: {name} --help");
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = session.Out,
            Error = session.Err,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = CancellationGrace,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (CommandException failure)
        {
            session.Error(name, failure.Message, failure.Remedy);
            return failure.ExitCode;
        }
        catch (RagException failure)
        {
            session.Error(name, failure.Message, failure.Remedy);
            return failure.Status switch
            {
                _ when failure.Code == UnreachableCode => ExitCode.NotRunning,
                StatusCode.NotFound => ExitCode.NothingFound,
                _ => ExitCode.Failed,
            };
        }
        catch (ProvisioningException failure)
        {
            session.Error(name, failure.Message, remedy: null);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            session.Error(name, "interrupted.", remedy: null);
            return ExitCode.Cancelled;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            session.Error(name, failure.Message, remedy: null);
            return ExitCode.Failed;
        }
    }

    /// <summary>What is wrong, on one line. Where a word is no command, that one was "not provided" is no second mistake.</summary>
    private static string Mistakes(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(error => error.Message).Distinct().ToList();
        if (parsed.UnmatchedTokens.Count > 0 && messages.Count > 1)
        {
            messages = [.. messages.Where(message => parsed.UnmatchedTokens.Any(token => message.Contains(token, StringComparison.Ordinal)))];
        }

        return string.Join(' ', messages.SelectMany(message => message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            .Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal);
    }

    private static RootCommand BuildTree(Session session)
    {
        var root = new RootCommand("Answers from your documents, with verified citations. Runs the platform and talks to it.")
        {
            UpCommand.Create(session),
            DownCommand.Create(session),
            StatusCommand.Create(session),
            DoctorCommand.Create(session),
            IngestCommand.Create(session),
            WatchCommand.Create(session),
            SourcesCommand.Create(session),
            SearchCommand.Create(session),
            AskCommand.Create(session),
            FacetsCommand.Create(session),
            DocumentsCommand.Create(session),
            ChunksCommand.Create(session),
            BatchesCommand.Create(session),
            DropsCommand.Create(session),
            IngestionCommand.Create(session),
            CollectionsCommand.Create(session),
            ModelsCommand.Create(session),
            EvalCommand.Create(session),
            FineTuneCommand.Create(session),
            TestCommand.Create(session),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
    }

    private static IEnumerable<string> Names(Command command) =>
        command is RootCommand ? ["rag"] : [.. command.Parents.OfType<Command>().SelectMany(Names), command.Name];
}
