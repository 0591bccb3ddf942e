namespace RagPlatform.Transformers.Constraints;

/// <summary>Says which tokens may come next. For one text, used by one caller at a time.</summary>
public interface ITokenConstraint
{
    /// <summary>What was accepted is a whole text: it may end here.</summary>
    bool MayEnd { get; }

    /// <summary>Nothing but the end may come.</summary>
    bool MustEnd { get; }

    /// <summary>Sets the logit of every token that may not come next to negative infinity.</summary>
    /// <param name="logits">One per token of the vocabulary.</param>
    /// <exception cref="InvalidDataException">What the text is held to is too ambiguous at this place; names the limit.</exception>
    void Mask(Span<float> logits);

    /// <summary>Goes on by a token.</summary>
    /// <exception cref="ArgumentException">The token may not come next.</exception>
    void Accept(int token);
}
