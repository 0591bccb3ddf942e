using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.Numerics;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>The texts of some pairs as a model reads them, and their vectors by the base model. Not thread-safe.</summary>
/// <param name="data">Whose texts they are.</param>
/// <param name="encoder">That reads them.</param>
/// <param name="passageTokens">That training reads of a passage; at most as many as the model reads.</param>
/// <param name="queryVectors">By id, of unit length; all empty where there is no model for them.</param>
/// <param name="passageVectors">By id, of unit length; all empty where there is no model for them.</param>
internal sealed class PairTexts(PairData data, TrainableEncoder encoder, int passageTokens, float[][] queryVectors, float[][] passageVectors)
{
    private readonly Dictionary<int, EncodedText> queries = [];
    private readonly Dictionary<int, EncodedText> passages = [];

    /// <summary>By id, of unit length.</summary>
    public float[][] PassageVectors => passageVectors;

    public float[] QueryVector(int id) => queryVectors[id];

    public EncodedText Query(int id) => queries.TryGetValue(id, out var text) ? text : queries[id] = encoder.Encode(data.Queries[id], TextKind.Query);

    public EncodedText Passage(int id) => passages.TryGetValue(id, out var text)
        ? text
        : passages[id] = encoder.Tokenizer.Encode(encoder.PrefixOf(TextKind.Passage) + data.Passages[id], passageTokens);

    /// <summary>As much of a passage's text as training reads.</summary>
    public string Shortened(int id)
    {
        var tokens = encoder.Tokenizer.Tokenize(data.Passages[id]);
        return tokens.Count <= passageTokens ? data.Passages[id] : data.Passages[id][..tokens.Ends[passageTokens - 1]];
    }

    /// <summary>The base model's cosine of a query and a passage.</summary>
    public float Similarity(int query, int passage) => VectorMath.Dot(queryVectors[query], passageVectors[passage]);

    public bool IsAnswer(int query, int passage) => data.AnswersOf(query).Contains(passage);
}
