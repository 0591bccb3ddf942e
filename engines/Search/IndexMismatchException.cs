namespace RagPlatform.Search;

/// <summary>The index's files were made with other options than those given. Remedy: the options they were made with, or another index.</summary>
public sealed class IndexMismatchException(string message) : Exception(message);
