using RagPlatform.FineTuning.Datasets;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuning.Decoding.Chat;

/// <param name="Ids">Of the whole conversation.</param>
/// <param name="IsWanted">For each whether the model is to learn to write it.</param>
internal sealed record EncodedChat(int[] Ids, bool[] IsWanted)
{
    public bool HasLabel => IsWanted.AsSpan(1).Contains(true);

    /// <summary>The first tokens of it.</summary>
    public EncodedChat Cut(int tokens) => Ids.Length <= tokens ? this : new EncodedChat(Ids[..tokens], IsWanted[..tokens]);
}

/// <summary>
/// Conversations as a decoder's tokens. What is learnt is split into tokens by itself, as it is when the model writes it after its
/// prompt; all other text between two control tokens at once, as the model's own tools do. No text becomes a control token.
/// </summary>
internal sealed class ChatEncoder(JsonTokenizer tokenizer, ChatTemplate template, DecoderConfig config)
{
    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlySet<int> AnswerEnds { get; } = config.EndOfTextIds
        .Concat(template.AnswerEnd is { } end && tokenizer.IdOf(end) is { } id ? [id] : []).ToHashSet();

    public EncodedChat Encode(ChatExample example) => Encode(template.Render(example.Messages, example.Tools, asksForAnswer: false));

    public int[] EncodePrompt(IReadOnlyList<ChatTurn> turns, string? tools) => Encode(template.Render(turns, tools, asksForAnswer: true)).Ids;

    public int CountTokens(string text) => tokenizer.Count(text);

    /// <summary>The text of an answer's tokens.</summary>
    public string Decode(IReadOnlyList<int> ids) => tokenizer.Decode([.. ids]);

    private EncodedChat Encode(IReadOnlyList<ChatPiece> pieces)
    {
        var (ids, isWanted) = (new List<int>(), new List<bool>());
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            if (piece.Kind == ChatPieceKind.Text)
            {
                var text = piece.Text;
                while (!piece.IsLearnt && i + 1 < pieces.Count && pieces[i + 1] is { Kind: ChatPieceKind.Text, IsLearnt: false } next)
                {
                    text += next.Text;
                    i++;
                }

                Add(tokenizer.Tokenize(text).Ids, piece.IsLearnt);
            }
            else if (IdOf(piece) is { } id)
            {
                Add([id], piece.IsLearnt);
            }
        }

        return new EncodedChat([.. ids], [.. isWanted]);

        void Add(int[] tokens, bool isLearnt)
        {
            ids.AddRange(tokens);
            isWanted.AddRange(Enumerable.Repeat(isLearnt, tokens.Length));
        }
    }

    private int? IdOf(ChatPiece piece) => piece.Kind switch
    {
        ChatPieceKind.BeginOfText => config.BeginOfTextId,
        ChatPieceKind.EndOfText => config.EndOfTextIds is [var end, ..] ? end : null,
        _ => tokenizer.IdOf(piece.Text),
    };
}
