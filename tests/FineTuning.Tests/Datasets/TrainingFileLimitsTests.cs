using System.Text;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using static RagPlatform.FineTuning.Tests.Datasets.TrainingData;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class TrainingFileLimitsTests
{
    private const string Good = """{"prompt": "a", "completion": "b"}""";

    [Fact]
    public void LineOf100MegaBytes_IsSkippedInBoundedMemory()
    {
        const long Length = 100L << 20;
        using var stream = new GeneratedStream(Encoding.UTF8.GetBytes(Good + "\n{\"prompt\": \""), (byte)'x', Length, Encoding.UTF8.GetBytes("\"}\r\n" + Good));
        var limits = new TrainingFileLimits { MaxLineBytes = 1 << 20 };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var file = TrainingFile.Read(stream, "training", limits, CancellationToken.None);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
        file.Examples.Select(example => example.Line).ShouldBe([1, 3]);
        var finding = file.Findings.Kept().ShouldHaveSingleItem();
        Print(finding).ShouldBe(
            $"training:2 Error LINE_TOO_LONG [] The line is {Length + 15:N0} bytes long; a line may have at most 1,048,576. | Shorten the example or cut it into several; if it is not one example, put one on each line.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Line_AtAndOverItsLimit_IsReadOrReported(int over)
    {
        var file = Read(Encoding.UTF8.GetBytes($"{Good}\n{Good}{new string(' ', over)}\r\n{Good}"), limits: new TrainingFileLimits { MaxLineBytes = Good.Length });

        file.Examples.Count.ShouldBe(3 - over);
        Codes(file.Findings).ShouldBe(over == 0 ? [] : ["LINE_TOO_LONG"]);
    }

    [Fact]
    public void File_OverItsLimit_KeepsTheWholeLinesBelowIt()
    {
        var file = Read(Encoding.UTF8.GetBytes($"{Good}\n{Good}\n{Good}"), limits: new TrainingFileLimits { MaxBytes = (2 * Good.Length) + 5 });

        file.Examples.Count.ShouldBe(2);
        Codes(file.Findings).ShouldBe(["FILE_TOO_LARGE"]);
    }

    [Fact]
    public void File_AtItsLimit_IsReadWhole()
    {
        var file = Read(Encoding.UTF8.GetBytes($"{Good}\n{Good}"), limits: new TrainingFileLimits { MaxBytes = (2 * Good.Length) + 1 });

        file.Examples.Count.ShouldBe(2);
        file.Findings.Kept().ShouldBeEmpty();
    }

    [Fact]
    public void MoreExamplesThanAllowed_AreAnError()
    {
        var file = Read(Encoding.UTF8.GetBytes($"{Good}\n{Good}\n{Good}"), limits: new TrainingFileLimits { MaxExamples = 2 });

        file.Examples.Count.ShouldBe(2);
        Single(file.Findings, FindingCode.TooManyExamples).Line.ShouldBe(3);
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(64, true)]
    [InlineData(1_000_000, true)]
    public void DeepJson_IsAFindingBeyondTheLimit(int depth, bool isTooDeep)
    {
        var file = Read($$"""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "x": {{new string('[', depth)}}{{new string(']', depth)}}}""");

        file.Examples.Count.ShouldBe(isTooDeep ? 0 : 1);
        if (isTooDeep)
        {
            Single(file.Findings, FindingCode.InvalidJson).Remedy.ShouldBe("Nest at most 64 objects and arrays.");
        }
    }

    [Fact]
    public void Findings_OfOneCode_AreAllCountedAndSomeKept()
    {
        var file = Read(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("{", 2).Concat(Enumerable.Repeat("nonsense", 5000)).Append(Good).Skip(2))));

        file.Findings.Errors.ShouldBe(5000);
        file.Findings.Kept().Count.ShouldBe(FindingLog.DefaultMaxPerCode);
    }

    [Fact]
    public void Cancellation_EndsReading()
    {
        using var cancelled = new CancellationTokenSource();
        using var stream = new GeneratedStream([], (byte)'\n', long.MaxValue, [], afterBytes: 1 << 20, cancelled.Cancel);

        Should.Throw<OperationCanceledException>(() =>
            TrainingFile.Read(stream, "training", new TrainingFileLimits { MaxBytes = long.MaxValue }, cancelled.Token));
    }
}
