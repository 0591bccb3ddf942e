using System.Text.Json;

namespace RagPlatform.Transformers.Constraints;

/// <summary>Makes constraints for one vocabulary. Thread-safe.</summary>
/// <param name="tokens">The vocabulary's.</param>
public sealed class JsonConstraints(TokenTexts tokens)
{
    /// <summary>
    /// Only JSON that is valid against the schema (draft 2020-12); an object, an array or a value. The ways of a oneOf are
    /// taken to exclude each other, and a $ref to count from the root, wherever an $id stands: both are the schema's to keep.
    /// </summary>
    /// <exception cref="InvalidDataException">The schema is malformed, too large, or asks for what cannot be held to; names the place.</exception>
    public ITokenConstraint Schema(JsonElement schema) => new GrammarConstraint(JsonSchemaGrammar.Compile(schema), tokens);

    /// <summary>Only a JSON object, of any kind.</summary>
    public ITokenConstraint AnyObject() => new GrammarConstraint(JsonGrammar.AnyObject, tokens);
}
