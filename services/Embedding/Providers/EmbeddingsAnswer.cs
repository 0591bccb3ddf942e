using System.Buffers.Binary;
using System.Text.Json;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Providers;

/// <param name="Vectors">One for each text, in the order of the texts; of unit length and one dimension.</param>
/// <param name="Tokens">Read of all of them; 0 where the provider does not say.</param>
internal sealed record EmbeddingsAnswer(float[][] Vectors, long Tokens)
{
    /// <summary>Reads what OpenAI's endpoint answers (https://platform.openai.com/docs/api-reference/embeddings/create).</summary>
    /// <param name="json">The body.</param>
    /// <param name="texts">How many were sent.</param>
    /// <param name="provider">Named in messages.</param>
    /// <exception cref="ServiceException">It is JSON, but not such an answer.</exception>
    public static EmbeddingsAnswer Read(JsonElement json, int texts, string provider)
    {
        if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Array)
        {
            throw ProviderErrors.AnswerInvalid(provider, "it has no list \"data\".");
        }

        if (data.GetArrayLength() != texts)
        {
            throw ProviderErrors.AnswerInvalid(provider, $"it has {data.GetArrayLength()} vectors for {texts} texts.");
        }

        var vectors = new float[texts][];
        var place = 0;
        foreach (var item in data.EnumerateArray())
        {
            var index = ReadIndex(item, place++);
            if (index < 0 || index >= texts || vectors[index] is not null)
            {
                throw ProviderErrors.AnswerInvalid(provider, $"vector {place - 1} has the index {index}, which is given twice or not in 0 to {texts - 1}.");
            }

            vectors[index] = ReadVector(item) ?? throw ProviderErrors.AnswerInvalid(provider, $"vector {index} is neither a list of numbers nor base64 of fp32.");
            if (vectors[index].Length != vectors[ReadIndex(data[0], 0)].Length)
            {
                throw ProviderErrors.AnswerInvalid(provider, "its vectors differ in length.");
            }

            Normalise(vectors[index], index, provider);
        }

        return new EmbeddingsAnswer(vectors, ReadTokens(json));
    }

    private static int ReadIndex(JsonElement item, int place) =>
        item.ValueKind is not JsonValueKind.Object ? -1
        : !item.TryGetProperty("index", out var index) ? place
        : index.ValueKind is JsonValueKind.Number && index.TryGetInt32(out var number) ? number
        : -1;

    private static float[]? ReadVector(JsonElement item)
    {
        if (!item.TryGetProperty("embedding", out var embedding))
        {
            return null;
        }

        if (embedding.ValueKind is JsonValueKind.String)
        {
            return embedding.TryGetBytesFromBase64(out var bytes) && bytes.Length > 0 && bytes.Length % sizeof(float) == 0 ? FromBytes(bytes) : null;
        }

        if (embedding.ValueKind is not JsonValueKind.Array || embedding.GetArrayLength() == 0)
        {
            return null;
        }

        var vector = new float[embedding.GetArrayLength()];
        var i = 0;
        foreach (var number in embedding.EnumerateArray())
        {
            if (number.ValueKind is not JsonValueKind.Number || !number.TryGetSingle(out vector[i++]))
            {
                return null;
            }
        }

        return vector;
    }

    private static float[] FromBytes(byte[] bytes)
    {
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }

    private static void Normalise(float[] vector, int index, string provider)
    {
        var length = Math.Sqrt(vector.Sum(value => (double)value * value));
        if (!double.IsFinite(length) || length == 0)
        {
            throw ProviderErrors.AnswerInvalid(provider, $"vector {index} has no direction: it is all zero, or has a value that is no finite number.");
        }

        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] / length);
        }
    }

    private static long ReadTokens(JsonElement json) =>
        json.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object
        && usage.TryGetProperty("prompt_tokens", out var tokens) && tokens.ValueKind is JsonValueKind.Number && tokens.TryGetInt64(out var count) && count > 0
            ? count
            : 0;
}
