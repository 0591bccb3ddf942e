using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class SearchCommand
{
    public static Command Create(Session session)
    {
        var query = new Argument<string>("query") { Description = "What to look for." };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "search",
            "Finds the passages nearest to a query, best first.",
            "rag search \"retry with back-off\"",
            "rag search --json -n 3 citations",
            "rag search refunds --filter 'year >= 2020 and (lang = \"de\" or not draft exists)'",
            "rag search --operators '+invoice \"due date\" -draft' --group",
            "rag search \"data protection\" --explain --fusion min-max --vector-weight 0.3",
            "rag search \"who may see salaries\" --rerank bge-reranker-base")
        {
            query, collection, json,
        };
        var how = new SearchArguments(command);
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var name = parsed.GetValue(collection)!;
            var text = parsed.GetValue(query)!;
            var result = await platform.Client.SearchAsync(text, how.Read(parsed) with { Collection = name }, cancellationToken);
            var found = new SearchJson(name, text, result.Hits, result.Timings);
            if (parsed.GetValue(json))
            {
                session.WriteJson(found);
            }
            else if (found.Hits.Count == 0)
            {
                session.Note($"Nothing found in the collection {name}.");
            }
            else
            {
                session.Render(found);
            }

            return found.Hits.Count > 0 ? ExitCode.Ok : ExitCode.NothingFound;
        });
        return command;
    }

    /// <summary>How to search, as options.</summary>
    private sealed class SearchArguments
    {
        private readonly Option<int> top = new("--top", "-n") { Description = "How many passages, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => 10 };
        private readonly Option<Filter?> filter = FilterOption.Create();
        private readonly Option<bool> operators = new("--operators") { Description = "Read the query's operators: \"a phrase\" and +word must occur, -word must not, begin* is a prefix." };
        private readonly Option<bool> typos = new("--typos") { Description = "Words that nothing holds also find the nearest ones that are held." };
        private readonly Option<bool> group = new("--group") { Description = "Only the best passage of each document." };
        private readonly Option<double?> diversity = RankingOptions.Fraction("--diversity", "How much it costs a passage to be like a better one. [default: nothing]");
        private readonly Option<int> candidates = new("--candidates") { Description = "How many passages words and meaning each propose, up to 1,000. [default: the platform's]", HelpName = "N" };
        private readonly Option<bool> exact = new("--exact") { Description = "Compare every vector, even where an index could find the nearest faster." };
        private readonly Option<bool> explain = new("--explain") { Description = "Say of each passage why it stands where it stands." };
        private readonly RankingOptions ranking;

        public SearchArguments(Command command)
        {
            command.Options.Add(top);
            command.Options.Add(filter);
            command.Options.Add(explain);
            ranking = new RankingOptions(command);
            foreach (var option in (Option[])[candidates, exact, diversity, group, typos, operators])
            {
                command.Options.Add(option);
            }
        }

        public SearchOptions Read(ParseResult parsed) => new()
        {
            TopK = parsed.GetValue(top),
            Filter = parsed.GetValue(filter),
            Fusion = ranking.Fusion(parsed),
            VectorWeight = ranking.VectorWeight(parsed),
            Candidates = parsed.GetValue(candidates),
            Operators = parsed.GetValue(operators),
            TypoTolerance = parsed.GetValue(typos),
            MaxChunksPerDocument = parsed.GetValue(group) ? 1 : 0,
            Diversity = parsed.GetValue(diversity),
            Exact = parsed.GetValue(exact),
            RerankModel = ranking.RerankModel(parsed),
            RerankCandidates = ranking.RerankCandidates(parsed),
            Explain = parsed.GetValue(explain),
        };
    }
}
