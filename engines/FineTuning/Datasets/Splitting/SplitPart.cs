namespace RagPlatform.FineTuning.Datasets.Splitting;

internal enum SplitPart
{
    Training,
    Validation,
    Test,
}
