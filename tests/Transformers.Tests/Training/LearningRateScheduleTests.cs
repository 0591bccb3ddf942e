using RagPlatform.Transformers.Training;

namespace RagPlatform.Transformers.Tests.Training;

public class LearningRateScheduleTests
{
    [Theory]
    [InlineData(LearningRateDecay.None, new[] { 0.5, 1, 1, 1, 1 })]
    [InlineData(LearningRateDecay.Linear, new[] { 0.5, 1, 0.75, 0.5, 0.25 })]
    [InlineData(LearningRateDecay.Cosine, new[] { 0.5, 1, 0.853553, 0.5, 0.146447 })]
    public void At_OneStepOfWarmUpOfFive_RisesThenDecays(LearningRateDecay decay, double[] expected)
    {
        var schedule = new LearningRateSchedule(2, decay, warmUpSteps: 1, steps: 5);
        for (var step = 1; step <= 5; step++)
        {
            schedule.At(step).ShouldBe(2 * expected[step - 1], 1e-6);
        }
    }

    [Theory]
    [InlineData(LearningRateDecay.None)]
    [InlineData(LearningRateDecay.Linear)]
    [InlineData(LearningRateDecay.Cosine)]
    public void At_AnyWarmUpAndLength_IsAboveZeroAndAtMostThePeak(LearningRateDecay decay)
    {
        for (var steps = 1; steps <= 12; steps++)
        {
            for (var warmUp = 0; warmUp <= steps; warmUp++)
            {
                var schedule = new LearningRateSchedule(1e-3, decay, warmUp, steps);
                for (var step = 1; step <= steps; step++)
                {
                    schedule.At(step).ShouldBeInRange(double.Epsilon, 1e-3);
                }
            }
        }
    }
}
