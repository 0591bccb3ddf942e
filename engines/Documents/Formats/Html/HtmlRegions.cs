using System.Collections.Frozen;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser.Tokens.Struct;

namespace RagPlatform.Documents;

/// <summary>Which parts of a page the tokens belong to: its main part, an article, or what stands on every page of the site.</summary>
internal sealed partial class HtmlRegions
{
    private static readonly FrozenSet<string> BoilerplateRoles = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog");

    private OpenElement? _main;
    private OpenElement? _article;
    private OpenElement? _boilerplate;

    public HtmlRegion Current =>
        _boilerplate is not null ? HtmlRegion.Boilerplate : _main is not null ? HtmlRegion.Main : _article is not null ? HtmlRegion.Article : HtmlRegion.Other;

    public void Start(string name, ref StructHtmlToken token)
    {
        Follow(ref _main, name, name == "main" || Role(ref token) is "main");
        Follow(ref _article, name, name == "article");
        Follow(ref _boilerplate, name, _boilerplate is null && IsBoilerplate(name, ref token));
    }

    public void End(string name)
    {
        Leave(ref _main, name);
        Leave(ref _article, name);
        Leave(ref _boilerplate, name);
    }

    /// <summary>Nobody sees it, or it is a sign to click on.</summary>
    public static bool IsHidden(string name, ref StructHtmlToken token) =>
        name is "span" or "i" or "a" or "sup" && (token.GetAttribute("aria-hidden").Memory.Span is "true" || HiddenClasses.IsMatch(token.GetAttribute("class").Memory.Span));

    private static void Follow(ref OpenElement? region, string name, bool opens)
    {
        if (region is { } open)
        {
            open.Start(name);
            region = open;
        }
        else if (opens)
        {
            region = new OpenElement(name);
        }
    }

    private static void Leave(ref OpenElement? region, string name)
    {
        if (region is { } open)
        {
            region = open.EndsWith(name) ? null : open;
        }
    }

    private bool IsBoilerplate(string name, ref StructHtmlToken token)
    {
        // A heading's id is made of its words: "Cookies", "Pagination".
        if (!HtmlElements.IsBlockLevel(name) || name is "html" or "body" or "main" or "article" || HtmlElements.HeadingLevel(name) > 0)
        {
            return false;
        }

        var isInMain = _main is not null || _article is not null;
        return name == "footer"
            || (!isInMain && name is "aside" or "header")
            || BoilerplateRoles.Contains(Role(ref token))
            || BoilerplateClasses.IsMatch(token.GetAttribute("class").Memory.Span)
            // And so is a section's.
            || (!isInMain && name != "section" && BoilerplateClasses.IsMatch(token.GetAttribute("id").Memory.Span))
            || (name != "p" && IsNotShown(ref token));
    }

    /// <summary>What comes to light in a page's search is its content all the same.</summary>
    private static bool IsNotShown(ref StructHtmlToken token)
    {
        for (var i = 0; i < token.Attributes.Count; i++)
        {
            var attribute = token.Attributes[i];
            if (attribute.Name.Memory.Span is "hidden")
            {
                return attribute.Value.Memory.Span is not "until-found";
            }
        }

        return NotShown.IsMatch(token.GetAttribute("style").Memory.Span);
    }

    private static string Role(ref StructHtmlToken token) => token.GetAttribute("role").Memory.ToString();

    [GeneratedRegex(@"(?:^|;)\s*display\s*:\s*none", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NotShown { get; }

    [GeneratedRegex(@"(?:cookies?|consent|gdpr)[-_]{0,2}(?:banner|bar|bot|box|consent|container|dialog|disclaimer|info|law|manager|message|modal|notice|notification|overlay|popup|pop-up|prompt|warning|wrapper)|onetrust|(?:^|\s)(?:sidebar|navbox|noprint|breadcrumbs?|pagination|newsletter|advert|toc|catlinks|printfooter|skip-?link|share-buttons|social-share|related-posts)(?:$|\s|_)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BoilerplateClasses { get; }

    [GeneratedRegex(@"(?:^|\s)(?:mw-editsection|mw-jump-link|hash-link|anchor-?link|headerlink|reference|sr-only|visually-hidden)(?:$|\s)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HiddenClasses { get; }
}

internal enum HtmlRegion
{
    Other,
    Main,
    Article,
    /// <summary>Menus, banners, footers.</summary>
    Boilerplate,
}
