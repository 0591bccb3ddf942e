namespace RagPlatform.Search;

/// <summary>A file that was right when the index was opened is not any more. Opening the index anew sets it aside and says what is lost.</summary>
public sealed class IndexDamagedException : IOException
{
    public IndexDamagedException()
    {
    }

    public IndexDamagedException(string message)
        : base(message)
    {
    }

    public IndexDamagedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
