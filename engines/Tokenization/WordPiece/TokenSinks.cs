namespace RagPlatform.Tokenization.WordPiece;

/// <summary>A vocabulary entry and the part of the word it covers.</summary>
internal readonly record struct Piece(int Id, int Start, int End);

/// <summary>Takes a text's tokens in order.</summary>
internal interface ITokenSink
{
    void Add(int id, int start, int end);
}

internal struct TokenCounter : ITokenSink
{
    public int Tokens { get; private set; }

    public void Add(int id, int start, int end) => Tokens++;
}

internal readonly struct TokenCollector() : ITokenSink
{
    public List<int> Ids { get; } = [];

    public List<int> Starts { get; } = [];

    public List<int> Ends { get; } = [];

    public void Add(int id, int start, int end)
    {
        Ids.Add(id);
        Starts.Add(start);
        Ends.Add(end);
    }
}

/// <summary>Keeps a model's input up to its limit and counts the rest.</summary>
internal struct InputCollector(int maxTokens, int first) : ITokenSink
{
    public List<int> Ids { get; } = [first];

    public int UnseenTokens { get; private set; }

    public void Add(int id, int start, int end)
    {
        if (Ids.Count <= maxTokens)
        {
            Ids.Add(id);
        }
        else
        {
            UnseenTokens++;
        }
    }
}
