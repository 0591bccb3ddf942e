using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

internal sealed partial class FakeGateway
{
    public bool ModelIsReady { get; set; } = true;

    public ConcurrentQueue<PullModelRequest> Pulls { get; } = new();

    public ConcurrentQueue<RemoveModelRequest> Removals { get; } = new();

    public ConcurrentQueue<DistillModelRequest> Distillations { get; } = new();

    public string[] ModelProblems { get; set; } = [];

    /// <summary>What the weights turn out to be when they are read again.</summary>
    public FileCheckResult Weights { get; set; } = FileCheckResult.AsPinned;

    private Model Model => new()
    {
        Id = "all-MiniLM-L6-v2", Kind = "encoder", State = ModelIsReady ? "ready" : "missing", Dimension = 384, MaxTokens = 256, SizeBytes = 50_000_000, License = "Apache-2.0",
        Source = "hub:sentence-transformers/all-MiniLM-L6-v2@1110a243fdf4706b3f48f1d95db1a4f5529b4d41", Revision = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41", IsDefault = true,
    };

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new ListModelsResponse
        {
            Models = { Model, new Model { Id = "half", State = "incomplete", Detail = "model.safetensors is missing." } },
            Problems = { ModelProblems },
        });
    }

    public override async Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        Pulls.Enqueue(request);
        await responseStream.WriteAsync(new PullModelResponse { Model = "all-MiniLM-L6-v2", Step = "pinned", Detail = "hub:x/y@1, license mit, 3 files", TotalBytes = 50_000_000 });
        await responseStream.WriteAsync(new PullModelResponse { Model = "all-MiniLM-L6-v2", Step = "downloading", Detail = "model.safetensors from hub", DoneBytes = 10_000_000, TotalBytes = 50_000_000 });
        await HangAsync(context);
        ModelIsReady = true;
        await responseStream.WriteAsync(new PullModelResponse { Model = "all-MiniLM-L6-v2", Step = "ready" });
    }

    public override async Task DistillModel(DistillModelRequest request, IServerStreamWriter<DistillModelResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        Distillations.Enqueue(request);
        await responseStream.WriteAsync(new DistillModelResponse { Step = "embedding", Done = 3000, Total = 20_000, Model = request.Name });
        await responseStream.WriteAsync(new DistillModelResponse { Step = "training", Done = 50, Total = 100, Model = request.Name });
        await responseStream.WriteAsync(new DistillModelResponse { Step = "ready", Done = 1, Total = 1, Model = request.Name });
    }

    public override Task<ShowModelResponse> ShowModel(ShowModelRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return request.Model is "" or "all-MiniLM-L6-v2"
            ? Task.FromResult(new ShowModelResponse
            {
                Model = Model, Architecture = "BertModel", Parameters = 22_713_216, VocabularySize = 30_522, WeightType = "F32", Folder = "/models/all-MiniLM-L6-v2",
                Files = { new ModelFile { Name = "config.json", SizeBytes = 612, Sha256 = new string('a', 64) } }, Collections = { "docs" },
            })
            : throw new ServiceException(FailureKind.NotFound, "MODEL_UNKNOWN", $"model: '{request.Model}' is unknown.").ToRpcException();
    }

    public override Task<RemoveModelResponse> RemoveModel(RemoveModelRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Removals.Enqueue(request);
        return request.Force
            ? Task.FromResult(new RemoveModelResponse { FreedBytes = 50_000_000 })
            : throw new ServiceException(FailureKind.FailedPrecondition, "MODEL_IN_USE", "model: it is used by the collection docs.") { Remedy = "Give --force." }.ToRpcException();
    }

    public override async Task VerifyModel(VerifyModelRequest request, IServerStreamWriter<VerifyModelResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        await responseStream.WriteAsync(new VerifyModelResponse { Model = "m", File = "config.json", DoneBytes = 612, TotalBytes = 50_000_000, Result = FileCheckResult.AsPinned });
        await responseStream.WriteAsync(new VerifyModelResponse { Model = "m", File = "model.safetensors", DoneBytes = 20_000_000, TotalBytes = 50_000_000 });
        var isGood = Weights is FileCheckResult.AsPinned;
        await responseStream.WriteAsync(new VerifyModelResponse
        {
            Model = "m", File = "model.safetensors", DoneBytes = 50_000_000, TotalBytes = 50_000_000, Result = Weights,
            Expected = isGood ? "" : "aaaa", Actual = isGood ? "" : "bbbb", Remedy = isGood ? "" : "Pull it again.",
        });
    }
}
