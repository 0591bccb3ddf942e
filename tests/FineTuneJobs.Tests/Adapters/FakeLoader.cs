using System.Collections.Concurrent;
using System.Globalization;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

/// <summary>Loads "specialists" whose folder holds one line: confidence and "refuses" or "answers".</summary>
internal sealed class FakeLoader : IServedModelLoader
{
    public const string File = "fake.txt";

    /// <summary>It is not used: the service's own loaders are.</summary>
    public bool IsReal { get; init; }

    public ConcurrentBag<string> Loaded { get; } = [];

    public ConcurrentBag<string> Freed { get; } = [];

    /// <summary>Loads of bases, and those freed.</summary>
    public int BasesLoaded;

    public int BasesFreed;

    /// <summary>What a load waits for.</summary>
    public Task Opened { get; set; } = Task.CompletedTask;

    /// <summary>What every prediction waits for.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    public bool Loads(string method) => method == "specialist";

    public BaseModel? BaseOf(Adapter adapter, string folder) => new("base", "base", 1000);

    public IDisposable LoadBase(BaseModel model, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref BasesLoaded);
        return new Held(() => Interlocked.Increment(ref BasesFreed));
    }

    public IServedModel Load(Adapter adapter, string folder, IDisposable? baseModel, CancellationToken cancellationToken)
    {
        baseModel.ShouldNotBeNull();
        Opened.WithTimeout("the fake's opening").GetAwaiter().GetResult();
        Loaded.Add(adapter.Id);
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
        {
            throw new InvalidDataException("there is no fake.txt.");
        }

        var parts = System.IO.File.ReadAllText(path).Split(' ');
        return new FakeModel(this, adapter.Id, double.Parse(parts[0], CultureInfo.InvariantCulture), parts[1] == "refuses");
    }

    private sealed class FakeModel(FakeLoader loader, string id, double confidence, bool refuses) : IServedModel
    {
        private int isFreed;

        public IReadOnlyList<ServedPrediction> Predict(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken)
        {
            loader.Answering.WithTimeout("the fake's answering").GetAwaiter().GetResult();
            Volatile.Read(ref isFreed).ShouldBe(0, "it was freed while it was in use");
            return
            [
                .. texts.Select(text =>
                {
                    var isOut = refuses && ProbeTexts.OutOfScope.Contains(text) || text.StartsWith("odd", StringComparison.Ordinal);
                    return new ServedPrediction($$"""{"adapter":"{{id}}"}""", text.StartsWith("odd", StringComparison.Ordinal) ? confidence / 3 : confidence, isOut ? 0.9 : 0.1, isOut, new Dictionary<string, double>());
                }),
            ];
        }

        public IReadOnlyList<ServedPrediction>? PredictWithout(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) => null;

        public void Dispose()
        {
            Interlocked.Exchange(ref isFreed, 1).ShouldBe(0, "it was freed twice");
            loader.Freed.Add(id);
        }
    }

    private sealed class Held(Action free) : IDisposable
    {
        public void Dispose() => free();
    }
}
