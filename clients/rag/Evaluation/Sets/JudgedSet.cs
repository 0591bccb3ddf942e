namespace RagPlatform.CommandLine.Evaluation;

/// <param name="Title">May be empty; then <paramref name="Text"/> is not.</param>
internal sealed record CorpusDocument(string Id, string Title, string Text);

/// <param name="Gains">Document id → how relevant, above 0; at least one.</param>
internal sealed record JudgedQuery(string Id, string Text, IReadOnlyDictionary<string, double> Gains);

/// <summary>Queries whose relevant documents are known.</summary>
/// <param name="Name">The folder's or the file's.</param>
/// <param name="Fingerprint">Of everything in it, hex: runs over the same set can be compared query by query.</param>
/// <param name="Documents">Empty when the queries are about a collection that is there already.</param>
/// <param name="Notes">What was left out, for people.</param>
internal sealed record JudgedSet(
    string Name, string Fingerprint, IReadOnlyList<CorpusDocument> Documents, IReadOnlyList<JudgedQuery> Queries, IReadOnlyList<string> Notes);
