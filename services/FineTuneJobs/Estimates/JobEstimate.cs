namespace RagPlatform.FineTuneJobs.Estimates;

/// <summary>What a job would take, before it trains.</summary>
/// <param name="Minutes">On this machine.</param>
/// <param name="Tokens">Read in training, all epochs.</param>
/// <param name="EnergyWattHours">From the machine's power and the time.</param>
/// <param name="Cost">In its currency; 0 where it has no price.</param>
/// <param name="Basis">What it rests on, for people.</param>
public sealed record JobEstimate(double Minutes, long Tokens, double MemoryMebibytes, double EnergyWattHours, double Cost, string Currency, string Basis);
