using System.Runtime.CompilerServices;
using System.Text;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>The answer's parts as they arrive.</summary>
    public async IAsyncEnumerable<AnswerPart> AskAsync(Question question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var request = new V1.AskRequest { Question = question.Text, Collection = question.Collection, Model = question.Model, TopK = question.TopK, Filter = question.Filter?.ToRequest() };
        await foreach (var response in StreamAsync(options => _gateway.Ask(request, options), cancellationToken).ConfigureAwait(false))
        {
            if (response.ToPart() is { } part)
            {
                yield return part;
            }
        }
    }

    /// <summary>The whole answer at once.</summary>
    public async Task<Answer> AnswerAsync(Question question, CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        IReadOnlyList<Source> sources = [];
        IReadOnlyList<Citation> citations = [];
        Abstention? abstention = null;
        AnswerPart.Completed? completed = null;
        await foreach (var part in AskAsync(question, cancellationToken).ConfigureAwait(false))
        {
            switch (part)
            {
                case AnswerPart.SourcesFound found:
                    sources = found.Sources;
                    break;
                case AnswerPart.TextPiece piece:
                    text.Append(piece.Text);
                    break;
                case AnswerPart.Abstained abstained:
                    abstention = abstained.Abstention;
                    text.Clear();
                    break;
                case AnswerPart.CitationsVerified verified:
                    citations = verified.Citations;
                    break;
                case AnswerPart.Completed last:
                    completed = last;
                    break;
            }
        }

        return new Answer
        {
            Text = text.ToString(),
            Abstention = abstention,
            Sources = sources,
            Citations = citations,
            Usage = completed?.Usage ?? new V1.Usage().ToUsage(),
            Timings = completed?.Timings ?? [],
            TraceId = completed?.TraceId ?? "",
        };
    }
}
