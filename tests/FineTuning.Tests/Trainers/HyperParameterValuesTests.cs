using System.Globalization;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Tests.Trainers;

public class HyperParameterValuesTests
{
    private static readonly HyperParameter[] Known =
    [
        HyperParameter.Number("rate", 1e-6, 1, "How far."),
        HyperParameter.Integer("rank", 1, 64, "How much.", standard: 8),
        HyperParameter.Boolean("tied", "Whether."),
        HyperParameter.Choice("kind", ["lora", "full"], "What.", standard: "lora"),
        HyperParameter.Choices("targets", ["query", "key", "value"], "Where."),
    ];

    [Fact]
    public void Used_NothingGiven_HoldsDefaultsAndChoices()
    {
        var values = new HyperParameterValues(Known, new Dictionary<string, string> { ["rate"] = "auto", ["tied"] = "" });

        values.Number("rate", 1e-4).ShouldBe(1e-4);
        values.Integer("rank", 3).ShouldBe(8);
        values.Boolean("tied", true).ShouldBeTrue();
        values.Choice("kind", "full").ShouldBe("lora");
        values.Choices("targets", ["query", "value"]).ShouldBe(["query", "value"]);
        values.IsGiven("rate").ShouldBeFalse();
        values.Used.ShouldBe(new Dictionary<string, string> { ["kind"] = "lora", ["rank"] = "8", ["rate"] = "0.0001", ["targets"] = "query,value", ["tied"] = "true" }, ignoreOrder: true);
    }

    [Fact]
    public void Used_GivenBack_GivesTheSameAgain()
    {
        var first = new HyperParameterValues(Known, new Dictionary<string, string> { ["rate"] = " 3.3e-5 ", ["targets"] = "key, value" });
        first.Number("rate", 1);
        first.Choices("targets", []);

        var second = new HyperParameterValues(Known, first.Used);

        second.Number("rate", 1).ShouldBe(3.3e-5);
        second.Choices("targets", []).ShouldBe(["key", "value"]);
    }

    [Theory]
    [InlineData("rate", "fast", "rate is 'fast'; it must be a number from 1E-06 to 1.")]
    [InlineData("rate", "0", "it must be a number from")]
    [InlineData("rate", "NaN", "it must be a number from")]
    [InlineData("rate", "1,5", "it must be a number from")]
    [InlineData("rank", "65", "it must be a whole number from 1 to 64")]
    [InlineData("rank", "4.5", "it must be a whole number")]
    [InlineData("rank", "99999999999999999999", "it must be a whole number")]
    [InlineData("tied", "yes", "it must be one of true, false")]
    [InlineData("kind", "LoRA", "it must be one of lora, full")]
    [InlineData("targets", "query,query", "it must be one or more of query, key, value")]
    [InlineData("targets", ",", "it must be one or more of")]
    public void New_ValueOutOfRange_IsRefusedWithFieldValueLimitAndRemedy(string name, string value, string problem)
    {
        var thrown = Should.Throw<TrainingException>(() => new HyperParameterValues(Known, new Dictionary<string, string> { [name] = value }));

        thrown.Code.ShouldBe("HYPER_PARAMETER_INVALID");
        thrown.Problem.ShouldContain(problem);
        thrown.Problem.ShouldContain(name);
        thrown.Remedy.ShouldContain("auto");
    }

    [Fact]
    public void New_SeveralWrong_NamesAll()
    {
        var thrown = Should.Throw<TrainingException>(() => new HyperParameterValues(Known, new Dictionary<string, string> { ["rate"] = "x", ["rank"] = "0", ["kind"] = "full" }));

        thrown.Problem.ShouldContain("rate");
        thrown.Problem.ShouldContain("rank");
        thrown.Problem.ShouldNotContain("kind");
    }

    [Fact]
    public void New_UnknownName_IsRefusedWithTheKnownOnes()
    {
        var thrown = Should.Throw<TrainingException>(() => new HyperParameterValues(Known, new Dictionary<string, string> { ["learning rate"] = "1" }));

        thrown.Code.ShouldBe("HYPER_PARAMETER_UNKNOWN");
        thrown.Problem.ShouldContain("'learning rate'");
        thrown.Remedy.ShouldContain("rate, rank, tied, kind, targets");
    }

    [Fact]
    public void Number_CommaCulture_ReadsAndWritesPoints()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var values = new HyperParameterValues(Known, new Dictionary<string, string> { ["rate"] = "0.25" });
            values.Number("rate", 1).ShouldBe(0.25);
            values.Used["rate"].ShouldBe("0.25");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Settings_OfTheLoop_AreThoseGivenAndTheTrainersOwn()
    {
        var auto = new TrainingSettings { Epochs = 3, LearningRate = 1e-4, BatchExamples = 32, Patience = 2, Beta2 = 0.98 };
        var values = new HyperParameterValues(LoopHyperParameters.All, new Dictionary<string, string> { ["epochs"] = "7", ["schedule"] = "cosine" });

        LoopHyperParameters.Settings(values, auto).ShouldBe(auto with { Epochs = 7, Decay = LearningRateDecay.Cosine });
        values.Used.Keys.Order().ShouldBe(LoopHyperParameters.All.Select(parameter => parameter.Name).Order());
    }
}
