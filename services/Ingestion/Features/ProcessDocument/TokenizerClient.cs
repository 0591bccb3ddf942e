using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using RagPlatform.Documents;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Tokenization;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>Fetches a model's tokenizer from the embedding service, once per model and process.</summary>
public sealed class TokenizerClient(EmbeddingService.EmbeddingServiceClient embedding) : IDisposable
{
    private const string WordPiece = "wordpiece";
    private const string Json = "json";
    private const string None = "none";

    /// <summary>The model's frame around every text, such as [CLS] and [SEP].</summary>
    private const int SpecialTokens = 2;

    /// <summary>The largest published tokenizer.json have about 35 MB.</summary>
    private const int MaxFileBytes = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, EmbeddingTokenizer> _byModel = new();

    /// <summary>A multilingual model's tokenizer takes a while and much memory to read, so it is read once.</summary>
    private readonly SemaphoreSlim _fetching = new(1);

    /// <param name="model">The embedding service's default when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ServiceException">The embedding service is down, has no such model or not yet, or counts in a way that is not known here.</exception>
    public async Task<EmbeddingTokenizer> GetAsync(string model, CancellationToken cancellationToken)
    {
        if (_byModel.TryGetValue(model, out var known))
        {
            return known;
        }

        await _fetching.WaitAsync(cancellationToken);
        try
        {
            return _byModel.TryGetValue(model, out known) ? known : _byModel[model] = await FetchAsync(model, cancellationToken);
        }
        finally
        {
            _fetching.Release();
        }
    }

    public void Dispose() => _fetching.Dispose();

    private async Task<EmbeddingTokenizer> FetchAsync(string model, CancellationToken cancellationToken)
    {
        var response = await embedding.GetTokenizerAsync(new GetTokenizerRequest { Model = model }, cancellationToken: cancellationToken);
        var room = response.MaxTokens == 0 ? int.MaxValue : response.MaxTokens - SpecialTokens - response.PassagePrefixTokens;
        if (response.Kind == None)
        {
            return new EmbeddingTokenizer(response.Model, GuessedTokens.Count, room, GuessedTokens.Hash);
        }

        if (response.Kind is not (WordPiece or Json))
        {
            throw Unknown(response, $"it is of kind '{response.Kind}'; known are {WordPiece}, {Json} and {None}");
        }

        var file = response.Vocabulary.Length > 0 ? response.Vocabulary.ToByteArray() : await ReadAsync(response, cancellationToken);
        return new EmbeddingTokenizer(response.Model, CounterOf(response, file), room, $"{response.Kind} {response.LowerCase} {Convert.ToHexStringLower(SHA256.HashData(file))}");
    }

    private async Task<byte[]> ReadAsync(GetTokenizerResponse tokenizer, CancellationToken cancellationToken)
    {
        using var call = embedding.ReadTokenizer(new ReadTokenizerRequest { Model = tokenizer.Model }, cancellationToken: cancellationToken);
        using var file = new MemoryStream();
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (file.Length + response.Part.Length > MaxFileBytes)
            {
                throw Unknown(tokenizer, $"its file has more than {MaxFileBytes} bytes, the limit");
            }

            response.Part.WriteTo(file);
        }

        return file.ToArray();
    }

    private static TokenCounter CounterOf(GetTokenizerResponse tokenizer, byte[] file)
    {
        try
        {
            if (tokenizer.Kind == Json)
            {
                ITextTokenizer json = JsonTokenizer.Read(new MemoryStream(file, writable: false));
                return json.Count;
            }

            using var vocabulary = new StringReader(Encoding.UTF8.GetString(file));
            return WordPieceTokenizer.FromVocabulary(vocabulary, tokenizer.LowerCase).Count;
        }
        catch (InvalidDataException exception)
        {
            throw Unknown(tokenizer, exception.Message);
        }
    }

    private static ServiceException Unknown(GetTokenizerResponse tokenizer, string problem) =>
        new(FailureKind.FailedPrecondition, "TOKENIZER_UNKNOWN", $"The tokenizer of the model {tokenizer.Model} cannot be used: {problem}.")
        {
            Remedy = "Choose another model for the collection, or verify the files of this one: rag models verify.",
        };
}
