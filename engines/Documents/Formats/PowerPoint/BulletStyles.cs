using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Which paragraphs have bullets without saying so: a placeholder inherits them from its layout, and that from its master
/// (ECMA-376 part 1, 19.3.1.39 and 21.1.2.4).
/// </summary>
internal sealed class BulletStyles
{
    public const int Levels = 9;

    /// <summary>A layout's shape is found by its index, a master's by its type.</summary>
    private readonly Dictionary<string, bool?[]> _placeholders = new(StringComparer.Ordinal);

    private readonly bool?[] _body = new bool?[Levels];
    private readonly BulletStyles? _master;

    /// <param name="root">Of a layout or a master.</param>
    /// <param name="master">Of a layout.</param>
    public BulletStyles(XElement root, BulletStyles? master)
    {
        _master = master;
        foreach (var shape in root.Child("cSld").Child("spTree").Children("sp"))
        {
            var placeholder = Placeholder.Of(shape);
            if (placeholder.Type.Length > 0)
            {
                _placeholders.TryAdd(master is null ? placeholder.Type : placeholder.Index, OfList(shape.Child("txBody").Child("lstStyle")));
            }
        }

        if (root.Child("txStyles").Child("bodyStyle") is { } body)
        {
            _body = OfList(body);
        }
    }

    /// <param name="level">From 0.</param>
    public bool HasBullet(Placeholder placeholder, int level)
    {
        var key = _master is not null ? placeholder.Index : placeholder.Type == "obj" ? "body" : placeholder.Type;
        if (_placeholders.TryGetValue(key, out var levels) && levels[level] is { } own)
        {
            return own;
        }

        return _master?.HasBullet(placeholder, level) ?? (placeholder.IsBody && _body[level] is true);
    }

    /// <summary>What a list style says of each level; null where it says nothing.</summary>
    public static bool?[] OfList(XElement? listStyle)
    {
        var levels = new bool?[Levels];
        foreach (var level in listStyle?.Elements() ?? [])
        {
            if (level.Name.LocalName is ['l', 'v', 'l', >= '1' and <= '9' and var number, 'p', 'P', 'r'])
            {
                levels[number - '1'] = Of(level);
            }
        }

        return levels;
    }

    /// <summary>What the properties of a paragraph or a level say.</summary>
    public static bool? Of(XElement? properties) =>
        properties.Child("buNone") is not null ? false
        : properties.Child("buChar") is not null || properties.Child("buAutoNum") is not null || properties.Child("buBlip") is not null ? true
        : null;
}
