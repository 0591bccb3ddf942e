using RagPlatform.Numerics.Threads;

namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// One sequence of tokens on a <see cref="Decoder"/>: appended to in steps of any size, cut back to a prefix, its keys
/// and values kept. The logits depend neither on the steps nor on the number of threads, bit for bit on one machine.
/// </summary>
/// <remarks>One caller at a time. Nothing is allocated per token. <see cref="Dispose"/> ends its threads.</remarks>
public sealed class DecoderSession : IDisposable
{
    /// <summary>Most tokens that go through the layers at once; longer prompts go in blocks.</summary>
    private const int BlockTokens = 256;

    /// <summary>Rows whose logits are computed at once when all are asked for.</summary>
    private const int LogitRows = 16;

    private readonly Decoder decoder;
    private readonly ThreadTeam team;
    private readonly DecoderPass pass;
    private readonly float[] logits;
    private float[] blockLogits = [];

    /// <param name="decoder">Shared by any number of sessions.</param>
    /// <param name="capacityTokens">Most tokens that it holds; from 1 to the decoder's MaxPositions. All memory is taken now.</param>
    /// <param name="adapter">Applied to this session alone; loaded for this decoder.</param>
    /// <param name="threads">Threads that work on it, the caller included; from 1 to <see cref="ThreadTeam.MaxThreads"/>.</param>
    public DecoderSession(Decoder decoder, int capacityTokens, LoraAdapter? adapter = null, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityTokens, decoder.MaxPositions);
        if (adapter is not null && !adapter.Fits(decoder.Config))
        {
            throw new ArgumentException("The adapter was loaded for a decoder of another shape.", nameof(adapter));
        }
        this.decoder = decoder;
        Capacity = capacityTokens;
        logits = new float[decoder.VocabularySize];
        team = new ThreadTeam(threads);
        try
        {
            pass = new DecoderPass(decoder, capacityTokens, Math.Min(capacityTokens, BlockTokens), adapter, team);
        }
        catch (Exception exception)
        {
            team.Dispose();
            if (exception is OverflowException)
            {
                throw new ArgumentException(
                    $"A session of {capacityTokens} tokens needs longer arrays than there are; ask for fewer tokens.", nameof(capacityTokens), exception);
            }
            throw;
        }
    }

    /// <summary>Most tokens that the session holds.</summary>
    public int Capacity { get; }

    /// <summary>Tokens that it holds.</summary>
    public int Length { get; private set; }

    /// <summary>Appends tokens; when it throws, the session is as it was.</summary>
    /// <param name="ids">At least one, and at most what is left of the capacity.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <returns>The logits of what follows the last token, one for each of the vocabulary; valid until the next call.</returns>
    /// <exception cref="ArgumentException">No ids, too many, or one outside the vocabulary.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> ids, CancellationToken cancellationToken)
    {
        Check(ids);
        for (var from = 0; from < ids.Length; from += BlockTokens)
        {
            var block = ids.Slice(from, Math.Min(BlockTokens, ids.Length - from));
            pass.Forward(block, Length + from, cancellationToken);
            if (from + block.Length == ids.Length)
            {
                pass.Logits(block.Length - 1, 1, logits);
            }
        }
        Length += ids.Length;
        return logits;
    }

    /// <summary>Appends tokens and gives the logits after each of them.</summary>
    /// <param name="ids">As for the other form.</param>
    /// <param name="allLogits">[ids, vocabulary], overwritten.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">As for the other form, or the logits have another length.</exception>
    public void Append(ReadOnlySpan<int> ids, Span<float> allLogits, CancellationToken cancellationToken)
    {
        Check(ids);
        if (allLogits.Length != (long)ids.Length * decoder.VocabularySize)
        {
            throw new ArgumentException(
                $"There is room for {allLogits.Length} logits; {ids.Length} tokens have {(long)ids.Length * decoder.VocabularySize}.", nameof(allLogits));
        }
        if (blockLogits.Length == 0)
        {
            blockLogits = new float[LogitRows * decoder.VocabularySize];
        }
        for (var from = 0; from < ids.Length; from += BlockTokens)
        {
            var block = ids.Slice(from, Math.Min(BlockTokens, ids.Length - from));
            pass.Forward(block, Length + from, cancellationToken);
            for (var row = 0; row < block.Length; row += LogitRows)
            {
                var rows = Math.Min(LogitRows, block.Length - row);
                pass.Logits(row, rows, blockLogits);
                blockLogits.AsSpan(0, rows * decoder.VocabularySize).CopyTo(allLogits[((from + row) * decoder.VocabularySize)..]);
            }
        }
        Length += ids.Length;
    }

    /// <summary>Forgets all but the first tokens, such as those of a prompt that many requests share.</summary>
    /// <param name="length">From 0 to <see cref="Length"/>.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    public void Dispose() => team.Dispose();

    private void Check(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty)
        {
            throw new ArgumentException("There are no tokens to append.", nameof(ids));
        }
        if (ids.Length > Capacity - Length)
        {
            throw new ArgumentException(
                $"{ids.Length} tokens do not fit: the session holds {Length} of at most {Capacity}. Make it with a larger capacity, or truncate it.", nameof(ids));
        }
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)decoder.VocabularySize)
            {
                throw new ArgumentException($"Token {id} is outside the vocabulary of {decoder.VocabularySize}.", nameof(ids));
            }
        }
    }
}
