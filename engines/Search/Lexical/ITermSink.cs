namespace RagPlatform.Search.Lexical;

/// <summary>Takes the terms of a text in the order they stand there.</summary>
internal interface ITermSink
{
    /// <param name="term">As it is indexed.</param>
    /// <param name="source">What the text has in its place.</param>
    /// <param name="position">Of the word, counted from 0; what a word is also found by shares its position.</param>
    void Add(ReadOnlySpan<char> term, ReadOnlySpan<char> source, int position, TermKind kind);
}

internal enum TermKind
{
    /// <summary>A word, or a pair of characters in a script without spaces.</summary>
    Word,

    /// <summary>Several words written as one: AppHost.cs. At the position of its first word.</summary>
    Name,

    /// <summary>One word with the punctuation that belongs to it: C#, --flag.</summary>
    Symbol,

    /// <summary>A hump of a camel-case word, at the word's position.</summary>
    Part,
}
