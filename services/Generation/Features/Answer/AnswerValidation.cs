using RagPlatform.Contracts;
using RagPlatform.Grpc;

namespace RagPlatform.Generation.Features.Answer;

internal static class AnswerValidation
{
    public const int MaxQuestionCharacters = 8192;
    public const int MaxTopK = 50;
    public const int DefaultTopK = 8;

    /// <exception cref="Grpc.Errors.ServiceException">Names the field at fault.</exception>
    public static AnswerQuestion Validate(AnswerQuestion question)
    {
        GrpcServer.RequireTenant(question.Tenant);
        if (!Names.IsCollection(question.Collection))
        {
            throw GenerationErrors.CollectionInvalid(question.Collection);
        }

        if (string.IsNullOrWhiteSpace(question.Question))
        {
            throw GenerationErrors.QuestionEmpty();
        }

        if (question.Question.Length > MaxQuestionCharacters)
        {
            throw GenerationErrors.QuestionTooLong(question.Question.Length, MaxQuestionCharacters);
        }

        if (question.TopK is < 0 or > MaxTopK)
        {
            throw GenerationErrors.TopKOutOfRange(question.TopK, MaxTopK);
        }

        return question with { TopK = question.TopK == 0 ? DefaultTopK : question.TopK };
    }
}
