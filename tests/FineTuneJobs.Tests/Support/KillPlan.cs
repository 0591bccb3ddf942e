using System.Globalization;
using System.Text;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>
/// How often workers are killed: a few times in a plain test run; RAG_TEST_KILLS times, with a table in the file that
/// RAG_TEST_KILL_REPORT names, for bench/results/finetune-jobs.md.
/// </summary>
internal sealed class KillPlan
{
    private readonly StringBuilder _table = new("| kill | job | after the worker's start | step reached | last checkpoint |\n|---|---|---|---|---|\n");

    public static int Kills => int.TryParse(Environment.GetEnvironmentVariable("RAG_TEST_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 3;

    public void Add(int kill, int job, TimeSpan after, long step, long checkpoint) =>
        _table.Append(CultureInfo.InvariantCulture, $"| {kill} | {job} | {after.TotalMilliseconds:0} ms | {step} | {checkpoint} |\n");

    public void Write(string summary)
    {
        if (Environment.GetEnvironmentVariable("RAG_TEST_KILL_REPORT") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{_table}\n{summary}\n");
        }
    }
}
