using RagPlatform.CommandLine.Testing;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class TestReportTests
{
    private const string Namespace = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    [Fact]
    public void TrxFile_MixedOutcomes_CountsEachAndKeepsReasons()
    {
        var result = Read($"""
            <TestRun xmlns="{Namespace}">
              <Times start="2026-11-20T07:00:00+00:00" finish="2026-11-20T07:00:02.5+00:00" />
              <Results>
                <UnitTestResult testName="T.Good" outcome="Passed" />
                <UnitTestResult testName="T.Bad" outcome="Failed"><Output><ErrorInfo><Message>expected 1</Message><StackTrace>at T.Bad()</StackTrace></ErrorInfo></Output></UnitTestResult>
                <UnitTestResult testName="T.Late" outcome="Timeout" />
                <UnitTestResult testName="T.Out" outcome="NotExecuted"><Output><ErrorInfo><Message>no broker</Message></ErrorInfo></Output></UnitTestResult>
              </Results>
              <ResultSummary outcome="Failed"><RunInfos><RunInfo outcome="Error"><Text>T.Bad [FAIL]</Text></RunInfo></RunInfos></ResultSummary>
            </TestRun>
            """);

        TestReport.Line(result).ShouldBe("Some.Tests: 1 passed, 2 failed, 1 skipped (2.5 s)");
        TestReport.Failures([result]).ShouldContain("FAILED Some.Tests: T.Bad");
        TestReport.Failures([result]).ShouldContain("  expected 1");
        TestReport.LeftOut([result]).ShouldBe(["Left out: 1 in Some.Tests: no broker"]);
        TestReport.Total([result]).ShouldBe("1 passed, 2 failed, 1 skipped");
    }

    [Fact]
    public void TrxFile_HostCrashed_IsAFailureThoughNoTestFailed()
    {
        var result = Read($"""
            <TestRun xmlns="{Namespace}">
              <Results><UnitTestResult testName="T.Good" outcome="Passed" /></Results>
              <ResultSummary outcome="Failed"><RunInfos><RunInfo outcome="Error"><Text>The active test run was aborted. Reason: Test host process crashed
              stack</Text></RunInfo></RunInfos></ResultSummary>
            </TestRun>
            """);

        result.Failed.ShouldBe(1);
        TestReport.Failures([result]).ShouldContain("ABORTED Some.Tests: The active test run was aborted. Reason: Test host process crashed");
    }

    [Fact]
    public void TrxFile_HalfWritten_IsNotRead()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.File("half.trx"), $"<TestRun xmlns=\"{Namespace}\"><Results><UnitTestResult ");

        TrxFile.TryRead("Some.Tests", folder.File("half.trx")).ShouldBeNull();
    }

    [Fact]
    public void LeftOut_SameReasonInSeveralProjects_IsOneLine()
    {
        ProjectResult[] results =
        [
            new("B.Tests", [new("1", "NotExecuted", "no broker", ""), new("2", "NotExecuted", "no model", "")], default, null),
            new("A.Tests", [new("3", "NotExecuted", "no broker", "")], default, null),
        ];

        TestReport.LeftOut(results).ShouldBe(["Left out: 2 in A.Tests, B.Tests: no broker", "Left out: 1 in B.Tests: no model"]);
    }

    [Fact]
    public void Total_NothingSkipped_SaysPassedAndFailedOnly() =>
        TestReport.Total([new("A.Tests", [new("1", "Passed", "", "")], default, null)]).ShouldBe("1 passed, 0 failed");

    private static ProjectResult Read(string trx)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder.File("results.trx"), trx);
        return TrxFile.TryRead("Some.Tests", folder.File("results.trx")).ShouldNotBeNull();
    }
}
