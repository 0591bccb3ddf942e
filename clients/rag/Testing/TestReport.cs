using System.Globalization;

namespace RagPlatform.CommandLine.Testing;

/// <summary>What a test run comes to, as lines for people and scripts.</summary>
internal static class TestReport
{
    private const int MaxStackLines = 6;

    public static string Line(ProjectResult result)
    {
        var skipped = result.Skipped > 0 ? $", {result.Skipped} skipped" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{result.Project}: {result.Passed} passed, {result.Failed} failed{skipped} ({result.Duration.TotalSeconds:0.0} s)");
    }

    /// <summary>Name, message and the upper end of the stack of everything that failed.</summary>
    public static IEnumerable<string> Failures(IEnumerable<ProjectResult> results)
    {
        foreach (var result in results)
        {
            foreach (var test in result.Tests.Where(test => test.Outcome is not ("Passed" or "NotExecuted")))
            {
                yield return "";
                yield return $"FAILED {result.Project}: {test.Name}";
                foreach (var line in test.Message.Split('\n').Concat(test.StackTrace.Split('\n').Take(MaxStackLines)).Where(line => line.Trim().Length > 0))
                {
                    yield return $"  {line.TrimEnd()}";
                }
            }

            if (result.Abort is not null)
            {
                yield return "";
                yield return $"ABORTED {result.Project}: {result.Abort}";
            }
        }
    }

    /// <summary>Which tests were left out, grouped by the reason.</summary>
    public static IEnumerable<string> LeftOut(IEnumerable<ProjectResult> results)
    {
        var groups = results
            .SelectMany(result => result.Tests.Where(test => test.Outcome == "NotExecuted").Select(test => (result.Project, test.Message)))
            .GroupBy(test => test.Message)
            .OrderByDescending(group => group.Count());
        foreach (var group in groups)
        {
            var projects = string.Join(", ", group.Select(test => test.Project).Distinct().Order(StringComparer.Ordinal));
            yield return $"Left out: {group.Count()} in {projects}: {(group.Key.Length > 0 ? group.Key : "no reason given")}";
        }
    }

    /// <summary>"N passed, N failed", and ", N skipped" when there are any.</summary>
    public static string Total(IReadOnlyCollection<ProjectResult> results)
    {
        var skipped = results.Sum(result => result.Skipped);
        return $"{results.Sum(result => result.Passed)} passed, {results.Sum(result => result.Failed)} failed{(skipped > 0 ? $", {skipped} skipped" : "")}";
    }
}
