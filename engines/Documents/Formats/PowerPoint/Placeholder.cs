using System.Xml.Linq;

namespace RagPlatform.Documents;

/// <summary>What a shape stands for on its slide (ECMA-376 part 1, 19.3.1.36).</summary>
/// <param name="Type">"obj" when none is given; empty for a shape that is no placeholder.</param>
/// <param name="Index">That shapes of a slide and of its layout are matched by.</param>
internal readonly record struct Placeholder(string Type, string Index)
{
    public bool IsTitle => Type is "title" or "ctrTitle";

    /// <summary>On every slide, and no part of what it says.</summary>
    public bool IsDecoration => Type is "dt" or "ftr" or "sldNum" or "hdr" or "sldImg";

    /// <summary>Takes its bullets from the master's style for body text.</summary>
    public bool IsBody => Type is "body" or "obj" or "subTitle";

    public static Placeholder Of(XElement shape)
    {
        var properties = shape.Elements().FirstOrDefault(child => child.Name.LocalName.StartsWith("nv", StringComparison.Ordinal)).Child("nvPr").Child("ph");
        return properties is null ? new Placeholder("", "") : new Placeholder(properties.Value("type") ?? "obj", properties.Value("idx") ?? "0");
    }
}
