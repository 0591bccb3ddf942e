namespace RagPlatform.Search.Lexical;

/// <summary>Whose endings are taken off words. The numbers are kept in files and never change their meaning.</summary>
public enum AnalyzerLanguage
{
    /// <summary><see cref="PorterStemmer"/>.</summary>
    English = 0,

    /// <summary>Words stay as they are: for texts of many languages.</summary>
    None = 1,

    /// <summary><see cref="LightStemmer"/>, as are the following.</summary>
    German = 2,
    French = 3,
    Spanish = 4,
}
