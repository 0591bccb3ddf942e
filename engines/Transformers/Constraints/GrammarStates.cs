namespace RagPlatform.Transformers.Constraints;

/// <summary>What is still to come: a node, then the rest. Equal ones are one object.</summary>
internal sealed class GrammarFrame(int id, GrammarNode node, GrammarFrame? next)
{
    public int Id { get; } = id;

    public GrammarNode Node { get; } = node;

    public GrammarFrame? Next { get; } = next;
}

/// <summary>Everything that may come after some bytes.</summary>
/// <param name="heads">Each begins with a <see cref="ByteNode"/>.</param>
/// <param name="accepts">The bytes so far are in the language.</param>
internal sealed class GrammarState(GrammarFrame[] heads, bool accepts)
{
    private GrammarState?[]? _next;

    public GrammarFrame[] Heads { get; } = heads;

    public bool Accepts { get; } = accepts;

    /// <summary>No bytes can make this a text of the language.</summary>
    public bool IsDead => Heads.Length == 0 && !Accepts;

    /// <summary>The states after each byte, where they are known.</summary>
    public GrammarState?[] Next => _next ??= new GrammarState?[256];

    /// <summary>Lets go of the states after it; they are made again when needed.</summary>
    public void Forget() => _next = null;
}

/// <summary>
/// A grammar as an automaton over bytes, made as far as it is walked (the subset construction over pushdown stacks;
/// as llama.cpp's grammars and Willard and Louf 2023, arXiv:2307.09702). Not thread-safe.
/// </summary>
internal sealed class GrammarStates
{
    /// <summary>Of one state: beyond, the grammar is ambiguous in a way that only costs.</summary>
    private const int MaxHeads = 4096;

    /// <summary>Nodes opened for one mask or token: about a second's work.</summary>
    private const int MaxOpened = 10_000_000;

    /// <summary>Known at once; then they are forgotten and made again when needed.</summary>
    private const int MaxKnown = 20_000;

    /// <summary>Of all states that are known.</summary>
    private const int MaxKnownHeads = 1_000_000;

    private readonly Dictionary<(GrammarNode, GrammarFrame?), GrammarFrame> _frames = [];
    private readonly Dictionary<string, GrammarState> _states = [];
    private int _nextId;
    private int _knownHeads;
    private int _opened;

    public GrammarState Start(GrammarNode grammar) => Closure([Frame(grammar, null)]);

    /// <summary>Before each mask and each token: the work of each is counted on its own.</summary>
    public void BeginCount() => _opened = 0;

    /// <summary>The state after one more byte; a dead one where it may not come.</summary>
    /// <exception cref="InvalidDataException">The grammar is too ambiguous there; names the limit.</exception>
    public GrammarState Step(GrammarState state, byte value)
    {
        if (state.Next[value] is { } known)
        {
            return known;
        }

        var after = new List<GrammarFrame?>();
        foreach (var head in state.Heads)
        {
            if (((ByteNode)head.Node).Set.Contains(value))
            {
                after.Add(head.Next);
            }
        }

        return state.Next[value] = Closure(after);
    }

    /// <summary>Opens nodes until each of the stacks begins with a byte or is at the end.</summary>
    private GrammarState Closure(IEnumerable<GrammarFrame?> stacks)
    {
        var pending = new Stack<GrammarFrame?>(stacks);
        var seen = new HashSet<GrammarFrame>();
        var heads = new List<GrammarFrame>();
        var accepts = false;
        while (pending.TryPop(out var frame))
        {
            if (frame is null)
            {
                accepts = true;
            }
            else if (seen.Add(frame))
            {
                if (++_opened > MaxOpened)
                {
                    throw new InvalidDataException($"The grammar has too many ways to go on at one place: more than {MaxOpened} steps tell which tokens may come. Make its alternatives differ earlier.");
                }

                Open(frame, pending, heads);
            }
        }

        if (heads.Count > MaxHeads)
        {
            throw new InvalidDataException($"The grammar has {heads.Count} ways to go on at one place; the limit is {MaxHeads}. Make its alternatives differ earlier.");
        }

        return Intern(heads, accepts);
    }

    private void Open(GrammarFrame frame, Stack<GrammarFrame?> pending, List<GrammarFrame> heads)
    {
        switch (frame.Node)
        {
            case ByteNode:
                heads.Add(frame);
                break;
            case SequenceNode sequence:
                var first = frame.Next;
                for (var i = sequence.Parts.Count - 1; i >= 0; i--)
                {
                    first = Frame(sequence.Parts[i], first);
                }

                pending.Push(first);
                break;
            case ChoiceNode choice:
                foreach (var way in choice.Ways)
                {
                    pending.Push(Frame(way, frame.Next));
                }

                break;
            case RepeatNode repeat:
                if (repeat.MayEnd)
                {
                    pending.Push(frame.Next);
                }

                if (repeat.MayGoOn)
                {
                    pending.Push(Frame(repeat.Node, Frame(repeat.Rest, frame.Next)));
                }

                break;
            case RuleNode rule:
                pending.Push(Frame(rule.Body, frame.Next));
                break;
        }
    }

    private GrammarFrame Frame(GrammarNode node, GrammarFrame? next)
    {
        if (!_frames.TryGetValue((node, next), out var frame))
        {
            _frames.Add((node, next), frame = new GrammarFrame(_nextId++, node, next));
        }

        return frame;
    }

    private GrammarState Intern(List<GrammarFrame> heads, bool accepts)
    {
        heads.Sort((left, right) => left.Id.CompareTo(right.Id));
        var key = $"{accepts}:{string.Join(',', heads.Select(head => head.Id))}";
        if (!_states.TryGetValue(key, out var state))
        {
            if (_states.Count >= MaxKnown || _knownHeads >= MaxKnownHeads || _frames.Count >= 16 * MaxKnown)
            {
                Forget();
            }

            _knownHeads += heads.Count;
            _states.Add(key, state = new GrammarState([.. heads], accepts));
        }

        return state;
    }

    private void Forget()
    {
        // Those that are still held, such as the text's own state, must not hold all the others.
        foreach (var state in _states.Values)
        {
            state.Forget();
        }

        _states.Clear();
        _frames.Clear();
        _knownHeads = 0;
    }
}
