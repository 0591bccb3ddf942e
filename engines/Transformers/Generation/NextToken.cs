using RagPlatform.Transformers.Constraints;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Generation;

/// <summary>Chooses one token after the other, within a constraint where there is one.</summary>
internal sealed class NextToken(Decoder decoder, SamplingSettings settings, ITokenConstraint? constraint, Random random)
{
    private readonly TokenSampler _sampler = new(settings, decoder.VocabularySize, random);
    private readonly float[] _logits = new float[decoder.VocabularySize];

    public bool MustEnd => constraint is { MustEnd: true };

    /// <summary>The next token's id; null where the text ends.</summary>
    public int? Choose(ReadOnlySpan<float> logits)
    {
        logits.CopyTo(_logits);
        if (constraint is not null)
        {
            constraint.Mask(_logits);
            foreach (var end in decoder.Config.EndOfTextIds)
            {
                _logits[end] = constraint.MayEnd ? logits[end] : float.NegativeInfinity;
            }
        }

        var token = _sampler.Sample(_logits);
        if (decoder.Config.EndOfTextIds.Contains(token))
        {
            return null;
        }

        constraint?.Accept(token);
        return token;
    }
}
