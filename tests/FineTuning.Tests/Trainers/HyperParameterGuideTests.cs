using System.Runtime.CompilerServices;
using RagPlatform.FineTuning.Decoding;
using RagPlatform.FineTuning.Retrieving;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuning.Tests.Trainers;

/// <summary>docs/guides/fine-tuning.md lists every hyper-parameter as the trainers know it.</summary>
public sealed class HyperParameterGuideTests
{
    private static readonly ITrainer[] Trainers = [new SpecialistTrainer(), new DecoderTrainer(), new RetrieverTrainer(), new RerankerTrainer()];

    [Fact]
    public void TableOfTheLoop_IsWhatTheTrainersKnow() => Guide().ShouldContain(Table("all methods", LoopHyperParameters.All));

    [Theory]
    [InlineData("specialist")]
    [InlineData("decoder")]
    [InlineData("retriever")]
    [InlineData("reranker")]
    public void TableOfAMethod_IsWhatItsTrainerKnows(string method)
    {
        var shared = LoopHyperParameters.All.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);

        Guide().ShouldContain(Table(method, Trainers.Single(trainer => trainer.Method == method).HyperParameters.Where(parameter => !shared.Contains(parameter.Name))));
    }

    private static string Table(string title, IEnumerable<HyperParameter> parameters) =>
        $"| {title} | default | range | effect |\n|---|---|---|---|\n"
        + string.Concat(parameters.Select(parameter => $"| `{parameter.Name}` | {parameter.Default} | {parameter.Range} | {parameter.Effect} |\n"));

    private static string Guide([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "guides", "fine-tuning.md")).ReplaceLineEndings("\n");
}
