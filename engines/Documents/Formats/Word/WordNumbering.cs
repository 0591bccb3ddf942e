using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>The numbers and bullets that Word shows before paragraphs, counted as it counts (ECMA-376 part 1, 17.9).</summary>
internal sealed class WordNumbering
{
    private const int Levels = 9;
    private const string Bullet = "-";

    /// <summary>Word allows 2,046 lists; paragraphs of further ones have no numbers.</summary>
    private const int MaxLists = 50_000;

    private readonly Dictionary<string, Definition> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);

    public static WordNumbering Read(OfficePackage package, string? path, WordStyles styles)
    {
        var numbering = new WordNumbering();
        using var part = path is null ? null : package.TryOpen(path);
        while (part is not null && part.Read())
        {
            if (!part.IsStart || part.Name == "numbering")
            {
                continue;
            }

            if (part.Name == "abstractNum" && numbering._definitions.Count < MaxLists)
            {
                var element = part.ReadElement();
                numbering._definitions[element.Value("abstractNumId") ?? ""] = new Definition(element);
            }
            else if (part.Name == "num" && numbering._instances.Count < MaxLists)
            {
                var element = part.ReadElement();
                numbering._instances[element.Value("numId") ?? ""] = new Instance(element);
            }
            else
            {
                part.Skip();
            }
        }

        numbering.FollowStyles(styles);
        return numbering;
    }

    /// <summary>What stands before the next paragraph of that list, such as "3.", "b)" or "-"; null when nothing does.</summary>
    /// <param name="numberingId">A w:numId.</param>
    /// <param name="level">A w:ilvl as the paragraph or its style gives it; null where the list's link to the style tells it.</param>
    /// <param name="styleId">Of the paragraph.</param>
    public (string? Marker, int Level) Next(string numberingId, string? level, string styleId)
    {
        if (!_instances.TryGetValue(numberingId, out var instance) || !_definitions.TryGetValue(instance.DefinitionId, out var definition))
        {
            return (null, 0);
        }

        var at = int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Min(given, Levels - 1)
            : Math.Max(0, Array.FindIndex(definition.Levels, candidate => candidate.StyleId is { } id && id == styleId));
        for (var i = 0; i < Levels && !instance.IsStarted; i++)
        {
            if (instance.Starts[i] is { } start)
            {
                definition.Counters[i] = start - 1;
            }
        }

        instance.IsStarted = true;
        definition.Count(at);
        return (Marker(definition, instance, at), at);
    }

    private static string? Marker(Definition definition, Instance instance, int at)
    {
        var level = instance.Levels[at] ?? definition.Levels[at];
        if (level.Format == "bullet")
        {
            return Bullet;
        }

        var text = new StringBuilder();
        for (var i = 0; i < level.Text.Length; i++)
        {
            if (level.Text[i] == '%' && i + 1 < level.Text.Length && level.Text[i + 1] is >= '1' and <= '9')
            {
                i++;
                var shown = level.Text[i] - '1';
                var format = level.IsLegal ? "decimal" : (instance.Levels[shown] ?? definition.Levels[shown]).Format;
                text.Append(NumberText.Of(definition.Counters[shown] ?? definition.Levels[shown].Start, format));
            }
            else
            {
                text.Append(level.Text[i]);
            }
        }

        var marker = text.ToString().Trim();
        return marker.Length > 0 ? marker : null;
    }

    /// <summary>A definition may only point to a list style, whose numbering then holds the levels.</summary>
    private void FollowStyles(WordStyles styles)
    {
        foreach (var (id, definition) in _definitions.ToArray())
        {
            if (definition.StyleLink is { } style
                && styles.Of(style).NumberingId is { } numberingId
                && _instances.TryGetValue(numberingId, out var instance)
                && _definitions.TryGetValue(instance.DefinitionId, out var linked))
            {
                _definitions[id] = linked;
            }
        }
    }

    private static Level?[] ReadLevels(IEnumerable<XElement> elements)
    {
        var levels = new Level?[Levels];
        foreach (var element in elements)
        {
            if (Number(element.Value("ilvl")) is >= 0 and < Levels and var at)
            {
                levels[at] = new Level(
                    element.Child("numFmt").Value("val") ?? "decimal",
                    element.Child("lvlText").Value("val") ?? "",
                    Number(element.Child("start").Value("val")) ?? 1,
                    element.Child("isLgl").IsOn(),
                    element.Child("pStyle").Value("val"),
                    Number(element.Child("lvlRestart").Value("val")));
            }
        }

        return levels;
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <param name="Text">With %1 to %9 for the numbers of the levels.</param>
    /// <param name="IsLegal">All numbers as decimals.</param>
    /// <param name="StyleId">Of paragraphs that stand on this level; null for none.</param>
    /// <param name="RestartsAfter">Starts anew only after this level (1 is the first), 0 for never; null for after any above.</param>
    private sealed record Level(string Format, string Text, int Start, bool IsLegal, string? StyleId, int? RestartsAfter);

    private sealed class Definition(XElement element)
    {
        public Level[] Levels { get; } = [.. ReadLevels(element.Children("lvl")).Select(level => level ?? new Level("none", "", 1, false, null, null))];

        /// <summary>The last number of each level; null before the first.</summary>
        public int?[] Counters { get; } = new int?[WordNumbering.Levels];

        public string? StyleLink { get; } = element.Child("numStyleLink").Value("val");

        public void Count(int at)
        {
            Counters[at] = unchecked((Counters[at] ?? (Levels[at].Start - 1)) + 1);
            for (var below = at + 1; below < Levels.Length; below++)
            {
                Counters[below] = Levels[below].RestartsAfter is { } level && at >= level ? Counters[below] : null;
            }
        }
    }

    private sealed class Instance
    {
        public Instance(XElement element)
        {
            DefinitionId = element.Child("abstractNumId").Value("val") ?? "";
            Levels = ReadLevels(element.Children("lvlOverride").Select(change => change.Child("lvl")).OfType<XElement>());
            foreach (var change in element.Children("lvlOverride"))
            {
                if (Number(change.Value("ilvl")) is >= 0 and < WordNumbering.Levels and var at)
                {
                    Starts[at] = Number(change.Child("startOverride").Value("val"));
                }
            }
        }

        public string DefinitionId { get; }

        /// <summary>That this one shows otherwise than its definition.</summary>
        public Level?[] Levels { get; }

        public int?[] Starts { get; } = new int?[WordNumbering.Levels];

        public bool IsStarted { get; set; }
    }
}
