namespace RagPlatform.FineTuning.Decoding.Chat;

/// <summary>A part of a rendered conversation.</summary>
/// <param name="Kind">What <paramref name="Text"/> is.</param>
/// <param name="Text">Characters, or the spelling of a token.</param>
/// <param name="IsLearnt">The model is to learn to write it.</param>
public readonly record struct ChatPiece(ChatPieceKind Kind, string Text, bool IsLearnt = false);

public enum ChatPieceKind
{
    /// <summary>Characters; what looks like a control token in them stays characters.</summary>
    Text,

    /// <summary>A control token, by its spelling.</summary>
    Token,

    /// <summary>The model's own token that begins a text, if it has one.</summary>
    BeginOfText,

    /// <summary>The model's own token that ends a text, if it has one.</summary>
    EndOfText,
}
