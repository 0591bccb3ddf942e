namespace RagPlatform.FineTuning.Trainers;

/// <summary>Training cannot be done with this data, model or setting; trying again changes nothing.</summary>
/// <param name="code">Such as HYPER_PARAMETER_INVALID, MODEL_UNSUITABLE, NOTHING_TO_LEARN, DIVERGED.</param>
/// <param name="problem">Names the field, the value and the limit.</param>
/// <param name="remedy">What to do.</param>
public sealed class TrainingException(string code, string problem, string remedy) : Exception($"{problem} {remedy}")
{
    public string Code => code;

    public string Problem => problem;

    public string Remedy => remedy;
}
