using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>
/// Elements and attributes by local name: Office files come in two sets of namespaces (ECMA-376 transitional and strict) and
/// use the same names in both.
/// </summary>
internal static class XmlNames
{
    public static bool Is(this XElement element, string localName) => element.Name.LocalName == localName;

    public static XElement? Child(this XElement? element, string localName) => element?.Elements().FirstOrDefault(child => child.Is(localName));

    public static IEnumerable<XElement> Children(this XElement? element, string localName) =>
        element?.Elements().Where(child => child.Is(localName)) ?? [];

    /// <summary>The attribute without a namespace or with one that is not of relationships.</summary>
    public static string? Value(this XElement? element, string attributeName) =>
        element?.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == attributeName && !IsRelationship(attribute))?.Value;

    /// <summary>"r:id", "r:embed" and the like: the id of a relationship.</summary>
    public static string? RelationshipId(this XElement? element, string attributeName = "id") =>
        element?.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == attributeName && IsRelationship(attribute))?.Value;

    /// <summary>An on/off property (ECMA-376, 17.17.4): there and not switched off.</summary>
    public static bool IsOn(this XElement? property) => property is not null && property.Value("val") is null or "1" or "true" or "on";

    /// <summary>What a program that knows all extensions takes of mc:AlternateContent (ECMA-376 part 3): the first choice.</summary>
    public static XElement? Alternative(this XElement alternateContent) => alternateContent.Child("Choice") ?? alternateContent.Child("Fallback");

    private static bool IsRelationship(XAttribute attribute) => attribute.Name.NamespaceName.EndsWith("/relationships", StringComparison.Ordinal);
}
