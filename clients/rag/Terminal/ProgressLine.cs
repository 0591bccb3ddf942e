using System.Globalization;
using Spectre.Console;

namespace RagPlatform.CommandLine.Terminal;

/// <summary>Shows what a long step is doing: a moving line on a terminal, else a line whenever the step changes.</summary>
internal static class ProgressLine
{
    /// <summary>Where bytes alone change and there is no terminal, a line this often.</summary>
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);

    public static async Task<T> ShowAsync<T>(this Session session, string title, Func<Action<string>, Task<T>> work)
    {
        if (session.ErrIsTerminal)
        {
            return await session.ErrorConsole.Status().StartAsync(Markup.Escape(title), status =>
                work(text =>
                {
                    status.Status = Markup.Escape(text);
                    status.Refresh();
                }));
        }

        session.Note(title);
        return await work(PlainLines(session, title));
    }

    public static Task ShowAsync(this Session session, string title, Func<Action<string>, Task> work) =>
        session.ShowAsync(title, async report =>
        {
            await work(report);
            return true;
        });

    /// <summary>"12.3 of 45.0 MB", or "12.3 MB" while the whole is unknown.</summary>
    public static string Bytes(long done, long total) =>
        total > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{done / 1e6:0.0} of {total / 1e6:0.0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{done / 1e6:0.0} MB");

    /// <summary>"612 B", "231.5 kB", "133.1 MB", "14.4 GB".</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 10_000_000_000 => Bytes(bytes, 0),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    /// <summary>"40 s", "12 min", "3 h".</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds)} s"),
        < 90 * 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60)} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 3600)} h"),
    };

    private static Action<string> PlainLines(Session session, string title)
    {
        var last = title;
        var lastAt = TimeProvider.System.GetTimestamp();
        var gate = new Lock();
        return text =>
        {
            lock (gate)
            {
                var isNewStep = WithoutDigits(text) != WithoutDigits(last);
                if (text != last && (isNewStep || TimeProvider.System.GetElapsedTime(lastAt) >= PlainInterval))
                {
                    session.Note(text);
                    (last, lastAt) = (text, TimeProvider.System.GetTimestamp());
                }
            }
        };
    }

    private static string WithoutDigits(string text) => string.Concat(text.Where(character => !char.IsDigit(character)));
}
