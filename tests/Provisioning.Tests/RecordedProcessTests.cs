using System.Diagnostics;
using System.Globalization;
using RagPlatform.TestKit;

namespace RagPlatform.Provisioning.Tests;

public sealed class RecordedProcessTests
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime FarAhead = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Find_LivesAndWasThereWhenRecorded_IsFound()
    {
        using var found = RecordedProcess.Find(Environment.ProcessId, FarAhead);

        found.ShouldNotBeNull().Id.ShouldBe(Environment.ProcessId);
    }

    [Fact]
    public void Find_StartedAfterTheNumberWasRecorded_IsAnotherOne() =>
        RecordedProcess.Find(Environment.ProcessId, LongAgo).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("no number")]
    [InlineData("2147483647")]
    public void Find_FileHoldsNoLivingProcess_IsNull(string content)
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "process.pid");
        File.WriteAllText(path, content);

        RecordedProcess.Find(path).ShouldBeNull();
        RecordedProcess.Find(Path.Combine(folder.Path, "absent.pid")).ShouldBeNull();
    }

    [LinuxFact]
    public async Task Find_EndedButNotCollectedByItsParent_IsNull()
    {
        // The shell's child ends at once; what the shell then becomes never asks for it.
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            var line = await parent.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
            var child = int.Parse(line!, CultureInfo.InvariantCulture);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));

            while (RecordedProcess.Find(child, FarAhead) is { } process)
            {
                process.Dispose();
                await Task.Delay(20, limit.Token);
            }
        }
        finally
        {
            parent.Kill();
        }
    }

    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute()
        {
            if (!OperatingSystem.IsLinux())
            {
                Skip = "elsewhere .NET itself tells";
            }
        }
    }
}
