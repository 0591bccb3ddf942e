using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>A line that a resource wrote; the text begins with its time, which the dashboard shows apart.</summary>
internal readonly record struct LogLine(int Number, string Text, bool IsError);

/// <summary>The last <see cref="MaxLines"/> lines of one resource, across its restarts.</summary>
internal sealed class ResourceLog(TimeProvider time)
{
    public const int MaxLines = 4000;

    private readonly Lock gate = new();
    private readonly Queue<LogLine> lines = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int written;

    /// <param name="text">As DCP gives it: the time in RFC 3339, a space, the line.</param>
    /// <param name="isError">From standard error.</param>
    public void Append(string text, bool isError)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            if (lines.Count == MaxLines)
            {
                lines.Dequeue();
            }

            lines.Enqueue(new LogLine(++written, text, isError));
            signal = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        signal.SetResult();
    }

    /// <summary>A remark of ours among the resource's own lines.</summary>
    public void Remark(string text) =>
        Append(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} [apphost] {text}"), isError: false);

    /// <summary>The last thing on standard error that is no part of a stack trace, without its time; empty when there is none.</summary>
    public string LastError()
    {
        lock (gate)
        {
            var error = lines.LastOrDefault(line => line.IsError && Content(line) is [not ' ', ..]);
            return error.Text is null ? "" : Content(error);
        }
    }

    private static string Content(LogLine line) => line.Text[(line.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>The lines so far; with <paramref name="follow"/>, then those that come.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var seen = 0; ;)
        {
            Task next;
            LogLine[] news;
            lock (gate)
            {
                news = [.. lines.Where(line => line.Number > seen)];
                seen = written;
                next = changed.Task;
            }

            if (news.Length > 0)
            {
                yield return news;
            }

            if (!follow)
            {
                yield break;
            }

            await next.WaitAsync(cancellationToken);
        }
    }
}

/// <summary>The logs of all resources, by name.</summary>
internal sealed class ResourceLogs(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ResourceLog> logs = new(StringComparer.Ordinal);

    public ResourceLog this[string name] => logs.GetOrAdd(name, _ => new ResourceLog(time));
}
