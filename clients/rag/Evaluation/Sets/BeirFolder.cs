using System.Globalization;
using System.Security.Cryptography;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>
/// A folder in the form of BEIR (Thakur et al., NeurIPS 2021): corpus.jsonl, queries.jsonl, and qrels.tsv or qrels/test.tsv.
/// Queries that nobody judged are left out; so are documents with neither title nor text. A document without text is its title.
/// </summary>
internal static class BeirFolder
{
    public const int MaxDocuments = 1_000_000;
    public const int MaxQueryCharacters = 8192;
    private const int MaxIdCharacters = 512;

    public static JudgedSet Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandException($"there is no folder {folder}.", EvaluationHelp.Formats, ExitCode.Usage);
        }

        string[] paths = [Path.Combine(folder, "corpus.jsonl"), Path.Combine(folder, "queries.jsonl"), QrelsOf(folder)];
        var notes = new List<string>();
        var documents = ReadDocuments(paths[0], notes);
        var texts = ReadQueries(paths[1]);
        var gains = ReadJudgments(paths[2], texts, documents.Select(document => document.Id).ToHashSet(StringComparer.Ordinal));
        var queries = texts.Where(query => gains.ContainsKey(query.Key)).Select(query => new JudgedQuery(query.Key, query.Value, gains[query.Key])).ToArray();
        if (queries.Length == 0)
        {
            throw new CommandException($"{paths[2]} judges no document of any query relevant.", EvaluationHelp.Formats, ExitCode.Usage);
        }

        if (texts.Count > queries.Length)
        {
            notes.Add(texts.Count - queries.Length is var unjudged and > 1
                ? $"{unjudged} queries have no relevant document and are left out."
                : "1 query has no relevant document and is left out.");
        }

        return new JudgedSet(new DirectoryInfo(folder).Name, Fingerprint(paths), documents, queries, notes);
    }

    /// <summary>SHA-256 over the files' own hashes, hex.</summary>
    public static string Fingerprint(params string[] paths)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            using var content = File.OpenRead(path);
            all.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static string QrelsOf(string folder)
    {
        var split = Path.Combine(folder, "qrels", "test.tsv");
        var single = Path.Combine(folder, "qrels.tsv");
        return !File.Exists(single) && File.Exists(split) ? split : single;
    }

    private static List<CorpusDocument> ReadDocuments(string path, List<string> notes)
    {
        var documents = new List<CorpusDocument>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var empty = 0;
        foreach (var line in InputLine.Read(path))
        {
            var json = line.Json();
            var id = line.RequiredText(json, "_id", MaxIdCharacters);
            if (!ids.Add(id))
            {
                throw line.Wrong($"\"_id\" is '{id}', which an earlier line has too.");
            }

            var title = line.OptionalText(json, "title").Trim();
            var text = line.OptionalText(json, "text");
            if (string.IsNullOrWhiteSpace(text) && title.Length == 0)
            {
                empty++;
                continue;
            }

            documents.Add(new CorpusDocument(id, title, string.IsNullOrWhiteSpace(text) ? title : text));
            if (documents.Count > MaxDocuments)
            {
                throw line.Wrong($"it is document {documents.Count}; at most {MaxDocuments} are evaluated on.");
            }
        }

        if (empty > 0)
        {
            notes.Add(empty > 1 ? $"{empty} documents have neither title nor text and are left out." : "1 document has neither title nor text and is left out.");
        }

        return documents;
    }

    private static Dictionary<string, string> ReadQueries(string path)
    {
        var queries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in InputLine.Read(path))
        {
            var json = line.Json();
            var id = line.RequiredText(json, "_id", MaxIdCharacters);
            if (!queries.TryAdd(id, line.RequiredText(json, "text", MaxQueryCharacters)))
            {
                throw line.Wrong($"\"_id\" is '{id}', which an earlier line has too.");
            }
        }

        return queries;
    }

    private static Dictionary<string, Dictionary<string, double>> ReadJudgments(string path, Dictionary<string, string> queries, HashSet<string> documents)
    {
        var gains = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach (var line in InputLine.Read(path))
        {
            if (line.Text.Split('\t') is not [var query, var document, var score])
            {
                throw line.Wrong("it has not three columns separated by tabs.");
            }

            if (!double.TryParse(score, CultureInfo.InvariantCulture, out var gain) || !double.IsFinite(gain) || gain < 0)
            {
                if (line.Number == 1)
                {
                    continue; // the column names
                }

                throw line.Wrong($"the score is '{score}'; it must be a number of 0 or more.");
            }

            if (!queries.ContainsKey(query))
            {
                throw line.Wrong($"there is no query '{query}' in queries.jsonl.");
            }

            if (gain == 0)
            {
                continue;
            }

            if (!documents.Contains(document))
            {
                throw line.Wrong($"there is no document '{document}' with a title or text in corpus.jsonl.");
            }

            if (!gains.TryGetValue(query, out var judged))
            {
                gains.Add(query, judged = new Dictionary<string, double>(StringComparer.Ordinal));
            }

            judged[document] = gain;
        }

        return gains;
    }
}
