using System.Text;
using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Ingest;
using RagPlatform.CommandLine.Output;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>A collection that holds a set's documents for as long as they are evaluated on.</summary>
internal sealed class TemporaryCollection(RagClient client, JudgedSet set)
{
    private const int MaxSetNameCharacters = 40;
    private const int FingerprintCharacters = 10;
    private const int NamedFailures = 3;

    /// <summary>How long the collection may take to be gone.</summary>
    private static readonly TimeSpan DeletionLimit = TimeSpan.FromSeconds(30);

    /// <summary>The same for the same files.</summary>
    public string Name { get; } = $"eval-{NameOf(set.Name)}-{set.Fingerprint[..FingerprintCharacters]}";

    /// <summary>Ingests what is not there yet and waits until all of it can be searched.</summary>
    /// <param name="onDone">Called as each document ends, with how many have.</param>
    /// <param name="cancellationToken">Ends the waiting; what was accepted is still indexed.</param>
    /// <exception cref="CommandException">A document could not be indexed: the measures would not be of this set.</exception>
    public async Task FillAsync(Action<int> onDone, CancellationToken cancellationToken)
    {
        if (await IsCompleteAsync(cancellationToken))
        {
            return;
        }

        var done = 0;
        using var run = new IngestRun(client, wait: true, _ => onDone(++done));
        var outcomes = await run.RunAsync([.. set.Documents.Select(Input)], cancellationToken);
        var failed = outcomes.Where(outcome => outcome.Failure is not null).ToArray();
        if (failed.Length > 0)
        {
            throw new CommandException(
                $"{failed.Length} of {set.Documents.Count} documents could not be indexed: {string.Join("; ", failed.Take(NamedFailures).Select(Describe))}",
                "Mend them in corpus.jsonl, or take them out there and in qrels.tsv.");
        }
    }

    /// <summary>Whatever became of the evaluation; within <see cref="DeletionLimit"/>.</summary>
    public async Task DeleteAsync()
    {
        using var limit = new CancellationTokenSource(DeletionLimit);
        try
        {
            await client.DeleteCollectionAsync(Name, limit.Token);
        }
        catch (RagException failure) when (failure.Status == StatusCode.NotFound)
        {
            // Nothing was ingested yet.
        }
    }

    private async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.DescribeCollectionAsync(Name, cancellationToken)).DocumentCount == set.Documents.Count;
        }
        catch (RagException failure) when (failure.Status == StatusCode.NotFound)
        {
            return false;
        }
    }

    private IngestInput Input(CorpusDocument document) => new(
        new DocumentHeader { Collection = Name, Id = document.Id, Title = document.Title, ContentType = "text/plain" },
        document.Id,
        () => new MemoryStream(Encoding.UTF8.GetBytes(document.Text), writable: false));

    private static string Describe(IngestedJson outcome) => $"'{outcome.Id}': {outcome.Failure!.Reason}";

    /// <summary>Of a-z, 0-9 and "-", as collections are named.</summary>
    private static string NameOf(string text)
    {
        var name = string.Concat(text.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        return name.Length == 0 ? "set" : name[..Math.Min(name.Length, MaxSetNameCharacters)];
    }
}
