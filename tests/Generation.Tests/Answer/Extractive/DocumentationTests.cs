using RagPlatform.Generation.Tests.Hosting;
using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation.Tests.Answer.Extractive;

/// <summary>The real model on a README: commands are quoted, facts are quoted, the rest of the world is not known.</summary>
public sealed class DocumentationTests
{
    private const string Readme = """
        # Ledger

        Ledger is a command-line program that keeps the accounts of a small company.

        ## Install

        Ledger needs Python 3.12. Install it from the package index:

        ```bash
        pip install ledger-accounts
        ```

        ## Run the tests

        Everything is tested with one command, which needs no network:

        ```bash
        $ make check
        ```

        The tests take about 40 seconds on a laptop.

        ## Settings

        | setting | default | meaning |
        |---|---|---|
        | `LEDGER_HOME` | `~/.ledger` | the folder that holds the accounts |
        | `LEDGER_PORT` | 8231 | where the web page listens |

        ## Backups

        - A backup is made every night at 02:00 and kept for 30 days.
        - Restore one with `ledger restore FILE`.

        ## License

        MIT.
        """;

    /// <summary>The real model, unoptimised, on a busy machine.</summary>
    private static readonly TimeSpan ModelLimit = TimeSpan.FromMinutes(3);

    private static readonly string[] Headings = ["Install", "Run the tests", "Settings", "Backups", "License"];

    [RequiresModelFact]
    public async Task Answer_QuestionsThatTheReadmeAnswers_QuoteTheAnswer()
    {
        await using var host = await GenerationHost.StartAsync(Sections());
        (string Question, string Answer)[] cases =
        [
            ("How do I run the tests?", "make check"),
            ("How do I install Ledger?", "pip install ledger-accounts"),
            ("How long are backups kept?", "30 days"),
            ("Which setting names the folder of the accounts?", "LEDGER_HOME"),
            ("How can I restore a backup?", "ledger restore FILE"),
            ("What is the license?", "MIT"),
        ];

        foreach (var (question, expected) in cases)
        {
            var answer = await host.AskAsync(question, limit: ModelLimit);
            answer.Text.ShouldContain(expected, customMessage: question);
            answer.ShouldCiteOnlyWhatIsStored(host.Library);
        }
    }

    [RequiresModelFact]
    public async Task Answer_QuestionsAboutTheRestOfTheWorld_Abstain()
    {
        await using var host = await GenerationHost.StartAsync(Sections());
        string[] questions =
        [
            "Who won the 1966 World Cup?", "What is the capital of France?", "How do I cook pasta?", "How tall is Mount Everest?",
            "When did the Roman Empire fall?", "What is the best treatment for malaria?",
        ];

        foreach (var question in questions)
        {
            var answer = await host.AskAsync(question, limit: ModelLimit);
            answer.Abstention.ShouldNotBeNull(customMessage: question);
            answer.Abstention.Reason.ShouldBe(AbstentionReason.WeakEvidence);
        }
    }

    private static Library Sections()
    {
        var library = new Library { Embed = MiniLM.Embed };
        for (var i = 0; i < Headings.Length; i++)
        {
            var start = Readme.IndexOf($"## {Headings[i]}", StringComparison.Ordinal);
            var end = i + 1 < Headings.Length ? Readme.IndexOf($"## {Headings[i + 1]}", StringComparison.Ordinal) : Readme.Length;
            library.AddChunk("README.md", Readme, start, end, "Ledger", Headings[i]);
        }

        return library;
    }
}
