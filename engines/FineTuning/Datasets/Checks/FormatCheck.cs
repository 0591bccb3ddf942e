using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Checks;

/// <summary>Conversations where passages are learnt, or the other way round.</summary>
internal static class FormatCheck
{
    public static void Judge(TrainingFileContent file, MethodRules rules, FindingLog findings)
    {
        var isPairs = file.Format == DatasetFormat.Pairs;
        if (file.Format != DatasetFormat.Unknown && !(isPairs ? rules.TakesPairs : rules.TakesChat))
        {
            findings.Add(
                FindingCode.FormatUnsuitable, file.Name, 0, "",
                $"The file has {(isPairs ? "queries with passages" : "conversations")}; the method {rules.Method} learns from {(isPairs ? "conversations" : "queries with passages")}.",
                isPairs ? "Train a retriever or a reranker with it, or write messages." : "Train a specialist or a decoder with it, or write query and positive.");
        }
    }
}
