using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Watch;

/// <summary>Tells what a watch does: failures and losses as lines, the rest as one line that changes; or everything as lines of JSON.</summary>
internal sealed class WatchReport(Session session, bool json, TimeProvider time)
{
    private readonly Lock gate = new();
    private Action<string>? showStatus;
    private int putCount;
    private int deletedCount;
    private int failedCount;
    private bool wasInStep;
    private string last = "";

    public WatchCounts Counts
    {
        get
        {
            lock (gate)
            {
                return new WatchCounts(putCount, deletedCount, failedCount);
            }
        }
    }

    /// <param name="show">Replaces the line.</param>
    public void ShowOn(Action<string> show) => showStatus = show;

    public void Put(Document document, bool unchanged)
    {
        if (!unchanged)
        {
            Write(new WatchEventJson(Now, "put", document.Id) { Version = document.Version }, ref putCount);
        }
    }

    public void Deleted(Document document) => Write(new WatchEventJson(Now, "delete", document.Id) { Version = document.Version }, ref deletedCount);

    /// <summary>A document is indexed, or gone.</summary>
    public void Rested(string id, DocumentState state)
    {
        var uncounted = 0;
        Write(new WatchEventJson(Now, Rendering.Name(state), id), ref uncounted);
    }

    /// <summary>A file was not taken, or its document failed.</summary>
    public void Failed(string id, string reason, string? remedy)
    {
        Write(new WatchEventJson(Now, "failed", id) { Reason = reason, Remedy = remedy }, ref failedCount);
        Say(id, reason, remedy);
    }

    /// <summary>The platform or the folder cannot be reached, or nothing can be heard of it; it goes on by itself.</summary>
    public void Troubled(string reason, string? remedy)
    {
        lock (gate)
        {
            wasInStep = false;
        }

        var uncounted = 0;
        Write(new WatchEventJson(Now, "trouble", null) { Reason = reason, Remedy = remedy }, ref uncounted);
        Say("rag watch", reason, remedy);
    }

    /// <summary>After each round.</summary>
    /// <param name="documents">Files that are documents.</param>
    /// <param name="waiting">Documents that are to be sent, or on their way to or from the index.</param>
    /// <param name="problems">Files that are no document, for a reason that was told.</param>
    public void Progress(int documents, int waiting, int problems)
    {
        var isInStep = waiting == 0;
        string status;
        bool isNews;
        lock (gate)
        {
            (isNews, wasInStep) = (isInStep && !wasInStep, isInStep);
            status = string.Create(CultureInfo.InvariantCulture,
                $"{Rendering.Count(documents, "document")}, {(isInStep ? "in step" : $"{waiting} on the way")}{(problems > 0 ? $", {problems} with problems" : "")}{last}");
        }

        showStatus?.Invoke(PlainText.Of(status));
        if (isNews && json)
        {
            WriteLine(new WatchEventJson(Now, "inStep", null) { Documents = documents, Problems = problems });
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private void Write(WatchEventJson entry, ref int count)
    {
        lock (gate)
        {
            count++;
            last = entry.Id is null || !session.ErrIsTerminal ? last : $"; last: {entry.Event} {entry.Id}";
        }

        WriteLine(entry);
    }

    private void WriteLine(WatchEventJson entry)
    {
        if (json)
        {
            lock (gate)
            {
                session.WriteJsonLine(entry);
            }
        }
    }

    private void Say(string what, string reason, string? remedy)
    {
        if (!json)
        {
            lock (gate)
            {
                session.Error(what, reason, remedy);
            }
        }
    }
}

/// <param name="Put">Documents sent that were not there already.</param>
/// <param name="Deleted">Documents deleted.</param>
/// <param name="Failed">Files not taken, and documents that failed.</param>
internal sealed record WatchCounts(int Put, int Deleted, int Failed);
