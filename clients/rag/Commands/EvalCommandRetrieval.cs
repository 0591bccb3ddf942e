using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.CommandLine.Evaluation.Html;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class EvalCommandRetrieval
{
    public static Command Create(Session session)
    {
        var options = new Arguments();
        var command = new RagCommand(
            "retrieval",
            "Runs judged queries by words, by meaning and by both, and says how good the rankings are and how sure that is.",
            "rag eval retrieval data/scifact --html report.html",
            "rag eval retrieval --collection manuals --questions questions.jsonl --tune --apply manuals",
            "rag eval retrieval data/scifact --keep --json")
        {
            options.Folder, options.Collection, options.Questions, options.Keep, options.Tune, options.Apply, options.Html, options.Json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var inputs = options.Read(session, parsed);
            using var platform = connection.Connect(parsed);
            var report = await session.ShowAsync($"Evaluating {inputs.Set.Name}.", show => EvaluateAsync(session, platform.Client, inputs, show, cancellationToken));
            report = await ApplyAsync(session, platform.Client, inputs, report, cancellationToken);
            EvaluationHistory.Of(session).Add(report);
            if (inputs.HtmlPath is { } path)
            {
                await File.WriteAllTextAsync(path, HtmlReport.Of(report), cancellationToken);
                session.Note($"The report is {path}.");
            }

            if (parsed.GetValue(options.Json))
            {
                session.WriteJson(report);
            }
            else
            {
                session.Render(report);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<EvaluationReport> EvaluateAsync(
        Session session, RagClient client, Inputs inputs, Action<string> show, CancellationToken cancellationToken)
    {
        var evaluation = new RetrievalEvaluation(client, inputs.Set, TimeProvider.System);
        if (inputs.Collection is { } existing)
        {
            await MarkedDocuments.CheckAsync(client, existing, inputs.Set.Queries, cancellationToken);
            return await evaluation.RunAsync(existing, inputs.Tune, show, cancellationToken);
        }

        var temporary = new TemporaryCollection(client, inputs.Set);
        try
        {
            await temporary.FillAsync(done => show($"Ingesting into {temporary.Name}: {done} of {inputs.Set.Documents.Count} documents."), cancellationToken);
            return await evaluation.RunAsync(temporary.Name, inputs.Tune, show, cancellationToken);
        }
        finally
        {
            if (!inputs.Keep)
            {
                await DeleteAsync(session, temporary);
            }
        }
    }

    /// <summary>What cannot be deleted is told, and does not hide what was measured or what went wrong.</summary>
    private static async Task DeleteAsync(Session session, TemporaryCollection temporary)
    {
        try
        {
            await temporary.DeleteAsync();
        }
        catch (Exception failure) when (failure is RagException or OperationCanceledException)
        {
            session.Error($"the temporary collection {temporary.Name}", $"it was not deleted: {failure.Message}", $"Delete it with: rag collections delete {temporary.Name}");
        }
    }

    /// <summary>A weight that is no better on the queries that had no part in choosing it is not applied.</summary>
    private static async Task<EvaluationReport> ApplyAsync(
        Session session, RagClient client, Inputs inputs, EvaluationReport report, CancellationToken cancellationToken)
    {
        if (inputs.ApplyTo is not { } collection || report.Tuning is not { } tuning)
        {
            return report;
        }

        if (tuning.Difference.Mean <= 0)
        {
            session.Note($"Not applied to {collection}: the weight is no better on the other half of the queries.");
            return report;
        }

        var settings = (await client.DescribeCollectionAsync(collection, cancellationToken)).Settings;
        await client.UpdateCollectionAsync(collection, settings with { VectorWeight = tuning.BestWeight }, cancellationToken);
        return report with { Tuning = tuning with { AppliedTo = collection } };
    }

    /// <param name="Collection">That is there already; null: a temporary one is made of the set's documents.</param>
    private sealed record Inputs(JudgedSet Set, string? Collection, bool Keep, bool Tune, string? ApplyTo, string? HtmlPath);

    private sealed class Arguments
    {
        public Argument<string?> Folder { get; } = new("dir") { Description = "A folder with corpus.jsonl, queries.jsonl and qrels.tsv (BEIR). Its documents go into a temporary collection.", Arity = ArgumentArity.ZeroOrOne };
        public Option<string?> Collection { get; } = new("--collection", "-c") { Description = "With --questions: the collection that they are about.", HelpName = "NAME" };
        public Option<string?> Questions { get; } = new("--questions") { Description = "Your own questions, a line each: {\"question\", \"documents\": [id, ...]}.", HelpName = "FILE" };
        public Option<bool> Keep { get; } = new("--keep") { Description = "Keep the temporary collection: the next run does not ingest again." };
        public Option<bool> Tune { get; } = new("--tune") { Description = "Choose the share of meaning on one half of the queries and judge it on the other." };
        public Option<string?> Apply { get; } = new("--apply") { Description = "With --tune: give a collection the weight, if it is better.", HelpName = "NAME" };
        public Option<string?> Html { get; } = new("--html") { Description = "Write a report with plots, one file that opens without a network.", HelpName = "FILE" };
        public Option<bool> Json { get; } = OutputOptions.Json();

        public Inputs Read(Session session, ParseResult parsed)
        {
            var (folder, collection, questions) = (parsed.GetValue(Folder), parsed.GetValue(Collection), parsed.GetValue(Questions));
            var tune = parsed.GetValue(Tune);
            if (folder is null == (questions is null) || questions is null != (collection is null))
            {
                throw Usage("give either a folder, or --collection with --questions.");
            }

            if (parsed.GetValue(Apply) is not null && !tune)
            {
                throw Usage("--apply goes with --tune.");
            }

            var set = folder is not null ? BeirFolder.Read(PathOf(folder)) : QuestionsFile.Read(PathOf(questions!));
            if (tune && set.Queries.Count < WeightTuning.MinQueries)
            {
                throw new CommandException($"--tune: there are {set.Queries.Count} judged queries; at least {WeightTuning.MinQueries} are needed.", "Judge more queries.", ExitCode.Usage);
            }

            var html = parsed.GetValue(Html) is { } path ? PathOf(path) : null;
            if (html is not null && !Directory.Exists(Path.GetDirectoryName(html)))
            {
                throw Usage($"--html: there is no folder {Path.GetDirectoryName(html)}.");
            }

            return new Inputs(set, collection, parsed.GetValue(Keep), tune, parsed.GetValue(Apply), html);

            string PathOf(string given) => Path.GetFullPath(given, session.CurrentDirectory);
        }

        private static CommandException Usage(string mistake) => new(mistake, "See: rag eval retrieval --help", ExitCode.Usage);
    }
}
