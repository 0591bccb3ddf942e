using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class AskCommand
{
    public static Command Create(Session session)
    {
        var question = new Argument<string>("question") { Description = "The question, in quotes." };
        var model = new Option<string>("--model") { Description = "\"extractive\" or \"openai/NAME\". [default: the platform's]", HelpName = "MODEL", DefaultValueFactory = _ => "" };
        var top = new Option<int>("--top", "-n") { Description = "How many passages to read, 1 to 50. [default: 8]", HelpName = "N" };
        var filter = FilterOption.Create();
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "ask",
            "Answers a question from the documents, with verified citations, or says that they do not hold the answer (exit code 3).",
            "rag ask \"How do I run the tests?\"",
            "rag ask --json --collection manuals \"What does error 17 mean?\"",
            "rag ask \"What changed?\" --filter 'version >= 2 and not draft exists'")
        {
            question, model, top, filter, collection, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var asked = new Question(parsed.GetValue(question)!)
            {
                Collection = parsed.GetValue(collection)!, Model = parsed.GetValue(model)!, TopK = parsed.GetValue(top), Filter = parsed.GetValue(filter),
            };
            var abstained = parsed.GetValue(json)
                ? await PrintJsonAsync(session, platform.Client, asked, cancellationToken)
                : await PrintAsync(session, platform.Client, asked, cancellationToken);
            return abstained ? ExitCode.NothingFound : ExitCode.Ok;
        });
        return command;
    }

    private static async Task<bool> PrintJsonAsync(Session session, RagClient client, Question asked, CancellationToken cancellationToken)
    {
        var answer = await client.AnswerAsync(asked, cancellationToken);
        session.WriteJson(new AnswerJson(
            asked.Collection, asked.Text, answer.Text, answer.Abstention, answer.Citations, answer.Sources, answer.Usage, answer.Timings, answer.TraceId));
        return answer.Abstention is not null;
    }

    /// <summary>Text as it comes, then the citations.</summary>
    private static async Task<bool> PrintAsync(Session session, RagClient client, Question asked, CancellationToken cancellationToken)
    {
        var abstained = false;
        var hasText = false; // which still wants the end of its line
        await foreach (var part in client.AskAsync(asked, cancellationToken))
        {
            switch (part)
            {
                case AnswerPart.TextPiece piece:
                    hasText = true;
                    session.Out.Write(PlainText.Of(piece.Text));
                    session.Out.Flush();
                    break;
                case AnswerPart.Abstained { Abstention: var abstention }:
                    abstained = true;
                    if (hasText)
                    {
                        session.Out.WriteLine();
                        session.Out.WriteLine();
                        session.Out.Write("Disregard the text above. ");
                    }

                    session.Out.WriteLine(PlainText.Of(abstention.Message));
                    hasText = false;
                    break;
                case AnswerPart.CitationsVerified { Citations: { Count: > 0 } citations }:
                    hasText = false;
                    session.Out.WriteLine();
                    session.Out.WriteLine();
                    session.Render(citations);
                    break;
            }
        }

        if (hasText)
        {
            session.Out.WriteLine();
        }

        return abstained;
    }
}
