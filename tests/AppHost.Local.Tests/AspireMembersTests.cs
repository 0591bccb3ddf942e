using System.Reflection;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Tests;

/// <summary>The subset, the decision record's table and AppHost.cs name the same members of Aspire.</summary>
public sealed partial class AspireMembersTests
{
    [Fact]
    public void Subset_OfAspire_IsTheDocumentedTable()
    {
        SubsetMembers().ShouldBe(DocumentedMembers(), ignoreOrder: true);
    }

    [Fact]
    public void DocumentedMembers_Each_IsUsedByAppHost()
    {
        var source = File.ReadAllText(Path.Combine(Checkout.Root, "AppHost", "AppHost.cs"));

        DocumentedMembers().Where(member => !Regex.IsMatch(source, $@"\b{member.Split('.')[1]}\b", RegexOptions.None, TimeSpan.FromSeconds(1))).ShouldBeEmpty();
    }

    [Fact]
    public void AppHost_BothProjects_ReferenceTheSameServices()
    {
        ServicesOf("AppHost/AppHost.csproj").ShouldBe(ServicesOf("eng/AppHost.Local/AppHost.Local.csproj"), ignoreOrder: true);
    }

    private static IEnumerable<string> SubsetMembers() =>
        from type in typeof(DistributedApplication).Assembly.GetExportedTypes()
        where type.Namespace is "Aspire.Hosting" or "Aspire.Hosting.ApplicationModel"
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where member is PropertyInfo or FieldInfo { IsStatic: true } or MethodInfo { IsSpecialName: false }
        select $"{type.Name}.{member.Name}" into name
        group name by name into overloads
        select overloads.Key;

    private static List<string> DocumentedMembers() =>
        [.. Row().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "decisions", "0002-apphost-local.md"))).Select(match => match.Groups["member"].Value)];

    private static IEnumerable<string> ServicesOf(string project) =>
        Service().Matches(File.ReadAllText(Path.Combine(Checkout.Root, project))).Select(match => match.Value);

    [GeneratedRegex(@"^\| `(?<member>\w+\.\w+)` \|.*\| https://(aspire\.dev|learn\.microsoft\.com)/\S+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"services/\w+/\w+\.csproj", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Service();
}
