using System.Globalization;
using System.Text;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>Something that is done to a document.</summary>
/// <param name="Document">Its number.</param>
/// <param name="Text">Null for a deletion.</param>
/// <param name="IsDropped">Through the queue; otherwise over gRPC. A document's way never changes, so that the order of its operations is kept.</param>
internal sealed record ChaosOperation(int Document, string? Text, bool IsDropped)
{
    public string Id => string.Create(CultureInfo.InvariantCulture, $"document-{Document:00000}");
}

/// <summary>Documents are put, changed, sent twice, deleted and put again, in an order that the seed decides; and what must be there at the end.</summary>
internal sealed class ChaosOperations
{
    /// <summary>Of operations after a document's first, in hundredths.</summary>
    private const int Changes = 45;
    private const int Repetitions = 25;
    private const int OperationsPerDocument = 2;
    private const int LongDocuments = 40;
    private static readonly string[] Words = "queue index vector chunk broker ledger harbour engine window signal copper meadow lantern archive number winter reply module canvas orbit".Split(' ');

    private readonly Dictionary<int, string?> last = [];
    private readonly Random random;

    public ChaosOperations(ChaosPlan plan)
    {
        random = new Random(plan.Seed);
        var firsts = Enumerable.Range(0, plan.Documents).ToArray();
        random.Shuffle(firsts);
        var operations = new List<ChaosOperation>();
        foreach (var document in firsts)
        {
            operations.Add(Put(document));
            for (var i = 1; i < OperationsPerDocument; i++)
            {
                operations.Add(Another(random.Next(plan.Documents)));
            }
        }

        All = operations;
    }

    /// <summary>In the order in which they are to be done, a document's strictly so.</summary>
    public IReadOnlyList<ChaosOperation> All { get; }

    /// <summary>The text that a document must have at the end; null for one that must be deleted.</summary>
    public IReadOnlyDictionary<int, string?> Expected => last;

    /// <summary>The word that only this version of this document holds: its second.</summary>
    public static string Mark(string text) => text.Split(' ', 3)[1];

    private ChaosOperation Another(int document)
    {
        if (!last.TryGetValue(document, out var text) || text is null)
        {
            return Put(document);
        }

        return random.Next(100) switch
        {
            < Changes => Put(document),
            < Changes + Repetitions => new ChaosOperation(document, text, IsDropped(document)),
            _ => Delete(document),
        };
    }

    private ChaosOperation Put(int document) => new(document, last[document] = Write(document), IsDropped(document));

    private ChaosOperation Delete(int document)
    {
        last[document] = null;
        return new ChaosOperation(document, null, IsDropped(document));
    }

    private static bool IsDropped(int document) => document % 2 == 0;

    private string Write(int document)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"# m{document}x{random.Next():x} {Word()} {Word()}\n"));
        var paragraphs = random.Next(LongDocuments) == 0 ? 120 : random.Next(1, 12);
        for (var i = 0; i < paragraphs; i++)
        {
            text.Append('\n').AppendJoin(' ', Enumerable.Range(0, random.Next(20, 60)).Select(_ => Word())).Append(".\n");
        }

        return text.ToString();
    }

    private string Word() => Words[random.Next(Words.Length)];
}
