namespace RagPlatform.Documents;

/// <summary>Follows an element until it ends: by its own end tag, or, where that was forgotten, by the end of the container around it.</summary>
internal struct OpenElement(string name)
{
    private int _open = 1;
    private int _containers;

    public readonly bool IsDrawing => name is "svg" or "math";

    public void Start(string tag)
    {
        _open += tag == name ? 1 : 0;
        _containers += tag != name && HtmlElements.IsContainer(tag) ? 1 : 0;
    }

    /// <summary>True when the element is over.</summary>
    public bool EndsWith(string tag)
    {
        _open -= tag == name ? 1 : 0;
        _containers -= tag != name && HtmlElements.IsContainer(tag) ? 1 : 0;
        return _open == 0 || _containers < 0;
    }
}
