using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Tests.Registry;

/// <summary>The promises of the table, over all of its cells and over every order of reports.</summary>
public sealed class DocumentTransitionsTests
{
    private static readonly DocumentState[] All = Enum.GetValues<DocumentState>();
    private static readonly DocumentState[] OnTheWay = [DocumentState.Received, DocumentState.Extracting, DocumentState.Chunking, DocumentState.Embedding, DocumentState.Indexing];

    [Fact]
    public void OnItsWay_AVersion_NeverMovesBack()
    {
        foreach (var current in OnTheWay)
        {
            foreach (var reported in OnTheWay)
            {
                DocumentTransitions.Judge(current, reported).ShouldBe(reported > current ? Transition.Move : Transition.Stay, $"{current} -> {reported}");
            }
        }
    }

    [Fact]
    public void FromEveryStateOnTheWay_AVersion_CanComeToRest()
    {
        foreach (var current in OnTheWay)
        {
            DocumentTransitions.Judge(current, DocumentState.Indexed).ShouldBe(Transition.Move);
            DocumentTransitions.Judge(current, DocumentState.Failed).ShouldBe(Transition.Move);
        }

        DocumentTransitions.Judge(DocumentState.Deleting, DocumentState.Deleted).ShouldBe(Transition.Move);
        DocumentTransitions.Judge(DocumentState.Deleting, DocumentState.Failed).ShouldBe(Transition.Move);
    }

    [Fact]
    public void Deleted_IsFinal_AndIndexedButForANewBeginning()
    {
        foreach (var reported in All)
        {
            DocumentTransitions.Judge(DocumentState.Deleted, reported).ShouldBe(Transition.Ignore, $"deleted -> {reported}");
            DocumentTransitions.Judge(DocumentState.Indexed, reported).ShouldBe(reported is DocumentState.Received ? Transition.Move : Transition.Ignore, $"indexed -> {reported}");
        }
    }

    [Fact]
    public void AtRest_NoLateReportOfWork_IsTaken()
    {
        foreach (var current in All.Where(state => state.IsAtRest()))
        {
            foreach (var reported in OnTheWay.Where(state => state is not DocumentState.Received))
            {
                DocumentTransitions.Judge(current, reported).ShouldBe(Transition.Ignore, $"{current} -> {reported}");
            }
        }
    }

    [Fact]
    public void ContentAndDeletion_NeverBecomeEachOther()
    {
        foreach (var current in OnTheWay)
        {
            DocumentTransitions.Judge(current, DocumentState.Deleting).ShouldBe(Transition.Ignore);
            DocumentTransitions.Judge(current, DocumentState.Deleted).ShouldBe(Transition.Ignore);
        }

        foreach (var reported in OnTheWay.Append(DocumentState.Indexed))
        {
            DocumentTransitions.Judge(DocumentState.Deleting, reported).ShouldBe(Transition.Ignore);
        }
    }

    [Fact]
    public void OverEveryOrderOfReports_Indexed_Wins()
    {
        DocumentState[] reports = [DocumentState.Extracting, DocumentState.Chunking, DocumentState.Embedding, DocumentState.Indexing, DocumentState.Indexed, DocumentState.Failed];
        foreach (var order in Orders(reports))
        {
            var state = DocumentState.Received;
            foreach (var report in order.Concat(order))
            {
                state = DocumentTransitions.Judge(state, report) is Transition.Move ? report : state;
            }

            state.ShouldBe(DocumentState.Indexed, string.Join(", ", order));
        }
    }

    private static IEnumerable<DocumentState[]> Orders(DocumentState[] items) =>
        items.Length == 0
            ? [[]]
            : items.SelectMany((first, index) => Orders([.. items.Where((_, other) => other != index)]).Select(rest => (DocumentState[])[first, .. rest]));
}
