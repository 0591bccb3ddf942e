namespace RagPlatform.Tokenization;

/// <summary>What happens to "&lt;|im_start|&gt;" and its like in a text.</summary>
public enum SpecialTokens
{
    /// <summary>They are characters like any others: no document and no user can steer the model.</summary>
    AsText,

    /// <summary>They become the tokens they name: for what the platform itself writes, such as chat templates.</summary>
    Recognized,
}
