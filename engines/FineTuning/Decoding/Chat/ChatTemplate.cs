using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuning.Decoding.Chat;

/// <summary>
/// How a conversation becomes one text. Three forms are built: "chatml" (Qwen, SmolLM and many others), "llama3", and "plain" for models
/// that know no control tokens: every message as its speaker's name with a colon, a line break, its text and an empty line, the
/// assistant's ended by the model's end of text.
/// </summary>
/// <param name="name">chatml, llama3 or plain.</param>
/// <param name="defaultSystem">The system's message of conversations that have none; null for none.</param>
public sealed class ChatTemplate(string name, string? defaultSystem = null)
{
    public const string Plain = "plain";
    public const string ChatMl = "chatml";
    public const string Llama3 = "llama3";

    public static IReadOnlyList<string> Names { get; } = [Plain, ChatMl, Llama3];

    public string Name => name;

    public string? DefaultSystem => defaultSystem;

    /// <summary>The control token that ends an answer; null where the model's own end of text does.</summary>
    public string? AnswerEnd => name switch
    {
        ChatMl => "<|im_end|>",
        Llama3 => "<|eot_id|>",
        _ => null,
    };

    /// <summary>Control tokens without which the form cannot be written.</summary>
    public IReadOnlyList<string> Tokens => name switch
    {
        ChatMl => ["<|im_start|>", "<|im_end|>"],
        Llama3 => ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
        _ => [],
    };

    /// <param name="turns">A conversation, or its beginning.</param>
    /// <param name="tools">JSON of the functions on offer; null for none.</param>
    /// <param name="asksForAnswer">Ends with what comes before an assistant's answer.</param>
    public IReadOnlyList<ChatPiece> Render(IReadOnlyList<ChatTurn> turns, string? tools, bool asksForAnswer)
    {
        ArgumentNullException.ThrowIfNull(turns);
        var pieces = new List<ChatPiece>();
        if (name != ChatMl)
        {
            pieces.Add(new ChatPiece(ChatPieceKind.BeginOfText, ""));
        }

        var hasSystem = turns is [{ Role: "system" }, ..];
        if (!hasSystem && (defaultSystem is not null || tools is not null))
        {
            Add(pieces, "system", ToolText.Offer(defaultSystem ?? "", tools), isLearnt: false);
        }

        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            var text = ToolText.Answer(turn.Content, turn.ToolCalls);
            Add(pieces, turn.Role, i == 0 && hasSystem ? ToolText.Offer(text, tools) : text, turn.IsLearnt);
        }

        if (asksForAnswer)
        {
            Begin(pieces, "assistant");
        }

        return pieces;
    }

    private void Add(List<ChatPiece> pieces, string role, string text, bool isLearnt)
    {
        Begin(pieces, role);
        pieces.Add(new ChatPiece(ChatPieceKind.Text, role == "tool" && name == ChatMl ? ToolText.Response(text) : text, isLearnt));
        if (AnswerEnd is { } end)
        {
            pieces.Add(new ChatPiece(ChatPieceKind.Token, end, isLearnt));
            if (name == ChatMl)
            {
                pieces.Add(new ChatPiece(ChatPieceKind.Text, "\n"));
            }

            return;
        }

        if (role == "assistant")
        {
            pieces.Add(new ChatPiece(ChatPieceKind.EndOfText, "", isLearnt));
        }

        pieces.Add(new ChatPiece(ChatPieceKind.Text, "\n\n"));
    }

    private void Begin(List<ChatPiece> pieces, string role)
    {
        switch (name)
        {
            case ChatMl:
                pieces.Add(new ChatPiece(ChatPieceKind.Token, "<|im_start|>"));
                // Tools' results are told as the user's.
                pieces.Add(new ChatPiece(ChatPieceKind.Text, (role == "tool" ? "user" : role) + "\n"));
                break;
            case Llama3:
                pieces.Add(new ChatPiece(ChatPieceKind.Token, "<|start_header_id|>"));
                pieces.Add(new ChatPiece(ChatPieceKind.Text, role == "tool" ? "ipython" : role));
                pieces.Add(new ChatPiece(ChatPieceKind.Token, "<|end_header_id|>"));
                pieces.Add(new ChatPiece(ChatPieceKind.Text, "\n\n"));
                break;
            default:
                pieces.Add(new ChatPiece(ChatPieceKind.Text, $"{char.ToUpperInvariant(role[0])}{role[1..]}:\n"));
                break;
        }
    }
}
