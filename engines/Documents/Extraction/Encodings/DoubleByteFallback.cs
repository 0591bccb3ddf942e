using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// Reads characters that a double-byte code page has at two places, such as NEC's rows in Shift-JIS, where many Japanese names
/// are: .NET reads the second place only where errors are replaced. What stands at no place is still refused.
/// </summary>
/// <param name="replacing">The same code page, replacing what it does not know.</param>
internal sealed class DoubleByteFallback(Encoding replacing) : DecoderFallback
{
    public override int MaxCharCount => 1;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(replacing);

    private sealed class Buffer(Encoding replacing) : DecoderFallbackBuffer
    {
        /// <summary>What .NET's code pages put for the unknown.</summary>
        private const string Unknown = "?\uFFFD\u30FB";

        private char _character;
        private bool _isPending;
        private bool _isRead;

        public override int Remaining => _isPending ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            if (bytesUnknown.Length != 2 || replacing.GetString(bytesUnknown) is not [var character] || Unknown.Contains(character, StringComparison.Ordinal))
            {
                throw new DecoderFallbackException("The bytes stand for no character.", bytesUnknown, index);
            }

            _character = character;
            _isPending = true;
            return true;
        }

        public override char GetNextChar()
        {
            _isRead = _isPending;
            _isPending = false;
            return _isRead ? _character : '\0';
        }

        public override bool MovePrevious()
        {
            (_isPending, _isRead) = (_isRead, false);
            return _isPending;
        }

        public override void Reset() => (_isPending, _isRead) = (false, false);
    }
}
