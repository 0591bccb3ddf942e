using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace RagPlatform.CommandLine.Testing;

/// <summary>One test as it ended. <see cref="Message"/> is why it failed or was left out.</summary>
internal sealed record TestOutcome(string Name, string Outcome, string Message, string StackTrace);

/// <summary>The results of one test project.</summary>
/// <param name="Project">Its name.</param>
/// <param name="Tests">Every test that came to an end.</param>
/// <param name="Duration">From start to finish.</param>
/// <param name="Abort">Why the run ended before all tests had; null when it did not.</param>
internal sealed record ProjectResult(string Project, IReadOnlyList<TestOutcome> Tests, TimeSpan Duration, string? Abort)
{
    public int Passed => Tests.Count(test => test.Outcome == "Passed");

    public int Skipped => Tests.Count(test => test.Outcome == "NotExecuted");

    /// <summary>Everything else failed in some way; a project that was aborted counts once more.</summary>
    public int Failed => Tests.Count - Passed - Skipped + (Abort is null ? 0 : 1);
}

/// <summary>Reads the file that <c>dotnet test --logger trx</c> writes for one project.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Null while the file is not yet whole.</summary>
    public static ProjectResult? TryRead(string project, string path)
    {
        try
        {
            return Read(project, XDocument.Load(path));
        }
        catch (Exception failure) when (failure is XmlException or IOException)
        {
            return null;
        }
    }

    private static ProjectResult Read(string project, XDocument document)
    {
        var tests = document.Descendants(Trx + "UnitTestResult")
            .Select(result => new TestOutcome(
                (string?)result.Attribute("testName") ?? "",
                (string?)result.Attribute("outcome") ?? "Unknown",
                result.Descendants(Trx + "Message").FirstOrDefault()?.Value.Trim() ?? "",
                result.Descendants(Trx + "StackTrace").FirstOrDefault()?.Value.TrimEnd() ?? ""))
            .ToArray();
        var times = document.Descendants(Trx + "Times").FirstOrDefault();
        var duration = Time(times, "finish") - Time(times, "start");

        var summary = document.Descendants(Trx + "ResultSummary").FirstOrDefault();
        var ended = (string?)summary?.Attribute("outcome");
        var abort = ended is not "Completed" && !tests.Any(test => test.Outcome == "Failed")
            ? document.Descendants(Trx + "RunInfo").LastOrDefault(info => (string?)info.Attribute("outcome") == "Error")?.Value.Trim().Split('\n')[0].Trim()
                ?? "the run has no summary"
            : null;
        return new ProjectResult(project, tests, duration, abort);
    }

    private static DateTimeOffset Time(XElement? times, string name) =>
        DateTimeOffset.TryParse((string?)times?.Attribute(name), CultureInfo.InvariantCulture, out var time) ? time : DateTimeOffset.UnixEpoch;
}
