using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RagPlatform.CommandLine;

/// <summary>The usual help, then the command's examples; at the root, the exit codes too.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case RagCommand command:
                output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
                foreach (var example in command.Examples)
                {
                    output.WriteLine($"  {example}");
                }

                break;
            case RootCommand:
                output.WriteLine("Examples:");
                output.WriteLine("  rag up");
                output.WriteLine("  rag ingest README.md docs");
                output.WriteLine("  rag ask \"How do I run the tests?\"");
                output.WriteLine();
                output.WriteLine("Exit codes:");
                output.WriteLine($"  {ExitCode.Explanation}");
                break;
        }

        return ExitCode.Ok;
    }
}
