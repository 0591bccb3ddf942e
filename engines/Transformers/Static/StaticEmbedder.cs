using RagPlatform.Tokenization;

namespace RagPlatform.Transformers.Static;

/// <summary>
/// A static model: a text's vector is the mean of its tokens', without a transformer, so that millions of passages take
/// minutes. Reads Model2Vec's layout. Where the folder has the encoder that the table was distilled from, under
/// <see cref="StaticModelFiles.QuestionFolder"/>, that encoder reads the questions: they are short and few, and the table
/// places passages where it would. Thread-safe.
/// </summary>
public sealed class StaticEmbedder : ITextEmbedder
{
    private const int PassagesBetweenChecks = 256;

    private readonly StaticTable table;
    private readonly SentenceEncoder? questions;

    /// <param name="table">Belongs to the result, which lets the tokens count for nothing that every input begins and ends with.</param>
    /// <param name="tokenizer">Of passages; it knows no more tokens than the table.</param>
    /// <param name="maxTokens">Of passages, at least as many as every input begins and ends with.</param>
    /// <param name="questions">Reads the questions; null: the table does.</param>
    public StaticEmbedder(StaticTable table, ITextTokenizer tokenizer, int maxTokens, SentenceEncoder? questions)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(tokenizer);
        this.table = table;
        this.questions = questions;
        Tokenizer = tokenizer;
        MaxTokens = maxTokens;
        foreach (var id in tokenizer.Encode("", MaxTokens).Ids)
        {
            table.Silence(id);
        }
    }

    public int Dimension => table.Dimension;

    /// <summary>Of passages; a question has the limit of the encoder that reads it, if one does.</summary>
    public int MaxTokens { get; }

    public ITextTokenizer Tokenizer { get; }

    /// <param name="files">The model's folder.</param>
    /// <param name="precision">How exactly the encoder for questions computes, where there is one.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of an unsupported kind, or does not fit the others.</exception>
    public static StaticEmbedder Load(IModelFiles files, WeightPrecision precision = WeightPrecision.Full)
    {
        ArgumentNullException.ThrowIfNull(files);
        var maxTokens = StaticModelFiles.ReadMaxTokens(files);
        var read = StaticModelFiles.ReadTable(files);
        var tokenizer = StaticModelFiles.OpenTokenizer(files, read);
        var frame = tokenizer.Encode("", int.MaxValue).Ids.Length;
        if (maxTokens <= frame)
        {
            throw new InvalidDataException($"config.json: seq_length is {maxTokens}; the tokenizer begins and ends every text with {frame} tokens, which leaves none for it.");
        }

        var encoder = StaticModelFiles.LoadQuestionEncoder(files, precision);
        return encoder is null || encoder.Dimension == read.Dimension
            ? new StaticEmbedder(read, tokenizer, maxTokens, encoder)
            : throw new InvalidDataException(
                $"The table has vectors of {read.Dimension} numbers, the encoder in {StaticModelFiles.QuestionFolder} of {encoder.Dimension}. They belong to different models.");
    }

    public string PrefixOf(TextKind kind) => kind is TextKind.Query && questions is not null ? questions.PrefixOf(kind) : "";

    public EncodedText Encode(string text, TextKind kind) => kind is TextKind.Query && questions is not null
        ? new EncodedQuestion(questions.Encode(text, kind))
        : Tokenizer.Encode(text, MaxTokens);

    public TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var embeddings = new TextEmbedding[inputs.Count];
        int[] asked = [.. Enumerable.Range(0, inputs.Count).Where(i => inputs[i] is EncodedQuestion)];
        var answers = questions is null || asked.Length == 0 ? [] : questions.Embed([.. asked.Select(i => inputs[i])], threads, cancellationToken);
        foreach (var (answer, i) in answers.Zip(asked))
        {
            embeddings[i] = answer;
        }

        // One thread: a passage is a few additions for each of its tokens, cheaper than handing it over.
        for (var i = 0; i < embeddings.Length; i++)
        {
            if (i % PassagesBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            embeddings[i] ??= new TextEmbedding(table.ToVector(inputs[i].Ids), inputs[i].Ids.Length, inputs[i].UnseenTokens);
        }

        return embeddings;
    }

    /// <summary>What the question encoder reads: its ids are of its own vocabulary.</summary>
    private sealed record EncodedQuestion(EncodedText Input) : EncodedText(Input);
}
