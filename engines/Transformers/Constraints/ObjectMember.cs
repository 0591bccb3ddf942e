namespace RagPlatform.Transformers.Constraints;

/// <summary>A name, a colon and a value.</summary>
internal sealed record ObjectMember(GrammarNode Node, bool IsRequired)
{
    /// <summary>The members with commas between, in their order, those that are not required there or not.</summary>
    public static GrammarNode InOrder(IReadOnlyList<ObjectMember> members)
    {
        // From the last one on: what may follow when nothing was written yet, and what when something was.
        GrammarNode first = GrammarNode.Empty, later = GrammarNode.Empty;
        for (var i = members.Count - 1; i >= 0; i--)
        {
            var (member, isRequired) = members[i];
            var begun = GrammarNode.Sequence(member, later);
            var goneOn = GrammarNode.Sequence(JsonGrammar.Comma, member, later);
            first = isRequired ? begun : GrammarNode.Choice(begun, first);
            later = isRequired ? goneOn : GrammarNode.Choice(goneOn, later);
        }

        return first;
    }
}
