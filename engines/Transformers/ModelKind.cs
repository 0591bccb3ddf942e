namespace RagPlatform.Transformers;

/// <summary>What a model folder is good for; its config.json decides.</summary>
public enum ModelKind
{
    /// <summary>BERT family: a text becomes a vector.</summary>
    Encoder,

    /// <summary>BERT family with one label: a question and a passage become a score.</summary>
    Reranker,

    /// <summary>Llama family: a text is continued.</summary>
    Decoder,

    /// <summary>Model2Vec's layout: a vector for each token, and their mean for a text.</summary>
    Static,
}
