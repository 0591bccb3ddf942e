using System.Runtime.CompilerServices;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Tests.Serving;

/// <summary>A model whose computation a test can hold, watch and fail. Its vector of a text is (its length, 1).</summary>
internal sealed class FakeModel : ITextEmbedder
{
    private readonly Lock gate = new();
    private readonly List<string> embedded = [];
    private readonly ConditionalWeakTable<EncodedText, string> texts = [];
    private TaskCompletionSource release = Released();

    public FakeModel(string id = TestModelId)
    {
        var folder = new ModelFolder(id, "/nowhere", ModelFolder.PutByHand);
        var vocabulary = string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", ">", "title", "outer", "inner"]);
        Loaded = new LoadedEncoder(folder, this) { Fingerprint = id };
        Tokenizer = WordPieceTokenizer.FromVocabulary(new StringReader(vocabulary));
    }

    public const string TestModelId = "tiny";

    public LoadedModel Loaded { get; }

    public int Dimension => 2;

    public int MaxTokens => 16;

    public ITextTokenizer Tokenizer { get; }

    /// <summary>Throws when set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Fails every slice that holds this text.</summary>
    public string? Poison { get; set; }

    /// <summary>Slices computed, failed ones too.</summary>
    public int Calls { get; private set; }

    /// <summary>Texts in the largest slice so far.</summary>
    public int LargestSlice { get; private set; }

    /// <summary>Given to the last slice.</summary>
    public int Threads { get; private set; }

    /// <summary>Entered, while held, with the slice's size.</summary>
    public SemaphoreSlim Entered { get; } = new(0);

    /// <summary>Every text computed, in order.</summary>
    public IReadOnlyList<string> Embedded
    {
        get
        {
            lock (gate)
            {
                return [.. embedded];
            }
        }
    }

    /// <summary>Slices wait until <see cref="Release"/>.</summary>
    public void Hold() => release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => release.TrySetResult();

    public string PrefixOf(TextKind kind) => "";

    public EncodedText Encode(string text, TextKind kind)
    {
        var input = Tokenizer.Encode(text, MaxTokens);
        texts.Add(input, text);
        return input;
    }

    public TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken)
    {
        var known = inputs.Select(input => texts.TryGetValue(input, out var text) ? text : throw new ArgumentException("Another model's input.", nameof(inputs))).ToArray();
        lock (gate)
        {
            Calls++;
            Threads = threads;
            LargestSlice = Math.Max(LargestSlice, inputs.Count);
        }

        Entered.Release();
        release.Task.Wait(cancellationToken);
        if (Failure is not null)
        {
            throw Failure;
        }

        if (Poison is not null && known.Contains(Poison))
        {
            throw new InvalidOperationException(Poison);
        }

        lock (gate)
        {
            embedded.AddRange(known);
        }

        return [.. known.Select(text => new TextEmbedding([text.Length, 1], text.Length, 0))];
    }

    private static TaskCompletionSource Released()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
