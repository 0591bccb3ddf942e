namespace RagPlatform.Transformers.Constraints;

/// <summary>Lets only such tokens through as can still become a text of the grammar.</summary>
internal sealed class GrammarConstraint : ITokenConstraint
{
    /// <summary>Masks kept, each a bit per token.</summary>
    private const int MaxMasks = 256;

    private readonly TokenTexts _tokens;
    private readonly GrammarStates _states = new();
    private readonly Dictionary<GrammarState, ulong[]> _masks = [];
    private GrammarState _state;

    public GrammarConstraint(GrammarNode grammar, TokenTexts tokens)
    {
        _tokens = tokens;
        _state = _states.Start(grammar);
    }

    public bool MayEnd => _state.Accepts;

    public bool MustEnd => _state.Heads.Length == 0;

    public void Mask(Span<float> logits)
    {
        if (!_masks.TryGetValue(_state, out var allowed))
        {
            if (_masks.Count == MaxMasks)
            {
                _masks.Clear();
            }

            _states.BeginCount();
            _masks.Add(_state, allowed = _tokens.Allowed(_states, _state));
        }

        for (var id = 0; id < logits.Length; id++)
        {
            if (id >> 6 >= allowed.Length || (allowed[id >> 6] >> (id & 63) & 1) == 0)
            {
                logits[id] = float.NegativeInfinity;
            }
        }
    }

    public void Accept(int token)
    {
        var text = _tokens[token];
        var state = _state;
        _states.BeginCount();
        foreach (var value in text)
        {
            state = _states.Step(state, value);
        }

        if (text.IsEmpty || state.IsDead)
        {
            throw new ArgumentException($"Token {token} may not come here.", nameof(token));
        }

        _state = state;
    }
}
