namespace RagPlatform.FineTuning.Loop;

/// <summary>How training ended. Unless it is paused, the parameters are those of the best step.</summary>
/// <param name="IsPaused">The observer wished it; a checkpoint holds all.</param>
/// <param name="StoppedEarly">The score did not get better for as long as the patience lasts.</param>
/// <param name="Step">The last one done, from 1; 0 where nothing was done before a pause.</param>
/// <param name="Steps">In all, had nothing stopped it.</param>
/// <param name="BestStep">Whose parameters are restored; the last where nothing is validated.</param>
/// <param name="BestScore">Null where nothing is validated.</param>
/// <param name="Tokens">Read, those of resumed runs included.</param>
public sealed record TrainingEnd(bool IsPaused, bool StoppedEarly, long Step, long Steps, long BestStep, double? BestScore, long Tokens);
