using System.CommandLine;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.FineTuning;

internal static class FineTuneCommand
{
    public static Command Create(Session session) =>
        new RagCommand(
            "finetune",
            "Trains models on your examples, judges them, and lets the good ones serve.",
            "rag finetune validate tickets.jsonl",
            "rag finetune train tickets.jsonl --name tickets",
            "rag finetune promote default/tickets:1",
            "rag finetune predict default/tickets \"My card did not arrive\"")
        {
            DatasetCommands.CreateValidate(session),
            DatasetCommands.CreateEstimate(session),
            DatasetCommands.CreateDatasets(session),
            TrainCommand.Create(session),
            JobCommands.CreateJobs(session),
            JobCommands.CreateWatch(session),
            JobCommands.CreateShow(session),
            JobCommands.CreatePause(session),
            JobCommands.CreateResume(session),
            JobCommands.CreateCancel(session),
            AdapterCommands.CreateAdapters(session),
            AdapterCommands.CreateEval(session),
            AdapterCommands.CreatePromote(session),
            AdapterCommands.CreateRollback(session),
            AdapterCommands.CreateRetire(session),
            ServingCommands.CreatePredict(session),
            ServingCommands.CreateDrift(session),
            ServingCommands.CreateGate(session),
        };
}
