namespace RagPlatform.FineTuning.Trainers;

/// <summary>A knob of a trainer, as help and validation know it.</summary>
/// <param name="Name">Such as learning_rate.</param>
/// <param name="Default">"auto" where it depends on data and model.</param>
/// <param name="Range">For people, such as "1e-6 to 1" or "none, linear, cosine".</param>
/// <param name="Effect">One sentence.</param>
/// <param name="Check">Why a value cannot be used; null where it can.</param>
public sealed record HyperParameter(string Name, string Default, string Range, string Effect, Func<string, string?> Check);
