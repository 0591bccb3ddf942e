using System.Diagnostics;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Runs the damaged cases of a subject and holds each to what is promised of hostile files.</summary>
internal static class FuzzRun
{
    /// <summary>What reading small sound files takes, many times over.</summary>
    private const long FreeBytes = 1024 * 1024;

    private const int BytesPerFileByte = 64;
    private const int MaxMilliseconds = 1000;
    private const int MaxAttempts = 5;

    private const int MaxShownCharacters = 1500;

    public static FuzzOutcome Run(FuzzSubject subject)
    {
        // Also so that no case pays for what only the first one does.
        subject.Read(subject.Sound());
        var outcome = new FuzzOutcome();
        for (var number = 0; number < subject.Cases; number++)
        {
            RunCase(subject, number, outcome);
        }

        return outcome;
    }

    /// <summary>A case is damaged the same way in every run.</summary>
    private static void RunCase(FuzzSubject subject, int number, FuzzOutcome outcome)
    {
        for (var attempt = 1; ; attempt++)
        {
            var files = subject.Sound().With(all => subject.Damage(all, new Random((subject.Name.Length * 1_000_000) + number)));
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var begin = Stopwatch.GetTimestamp();
            var exception = Catch(subject, files);
            var milliseconds = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            // A busy machine may have kept the case waiting: then it is run once more.
            if (milliseconds > MaxMilliseconds && attempt < MaxAttempts)
            {
                continue;
            }

            var limit = FreeBytes + (BytesPerFileByte * files.Files.Values.Sum(file => (long)file.Length));
            var complaint = milliseconds > MaxMilliseconds ? $"took {milliseconds} ms" : allocated > limit ? $"allocated {allocated} bytes of {limit}" : Complaint(subject, exception);
            outcome.Add(exception is null, complaint is null ? null : $"{subject.Name}, case {number}: {complaint[..Math.Min(complaint.Length, MaxShownCharacters)]}");
            return;
        }
    }

    private static string? Complaint(FuzzSubject subject, Exception? exception) => exception switch
    {
        null => null,
        not (InvalidDataException or FileNotFoundException) => exception.ToString(),
        { Message.Length: < 20 or > 1000 } => $"says too little or too much: {exception.Message}",
        _ => subject.Places.Any(place => exception.Message.Contains(place, StringComparison.OrdinalIgnoreCase)) ? null : $"does not say where: {exception.Message}",
    };

    private static Exception? Catch(FuzzSubject subject, MemoryModelFiles files)
    {
        try
        {
            subject.Read(files);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}

/// <summary>What became of the cases.</summary>
internal sealed class FuzzOutcome
{
    private const int MaxComplaints = 5;

    public int Read { get; private set; }

    public int Refused { get; private set; }

    /// <summary>The first promises that were broken.</summary>
    public List<string> Complaints { get; } = [];

    public void Add(bool wasRead, string? complaint)
    {
        _ = wasRead ? Read++ : Refused++;
        if (complaint is not null && Complaints.Count < MaxComplaints)
        {
            Complaints.Add(complaint);
        }
    }
}
