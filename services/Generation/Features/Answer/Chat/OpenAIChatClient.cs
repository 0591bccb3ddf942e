using System.ClientModel;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>
/// <see cref="IChatClient"/> over OpenAI's own client, for text alone. The published adapter
/// (Microsoft.Extensions.AI.OpenAI) is not in every package source we build from.
/// </summary>
internal sealed class OpenAIChatClient(ChatClient client, Uri endpoint, string model) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ChatCompletionOptions { MaxOutputTokenCount = options?.MaxOutputTokens, Temperature = options?.Temperature };
        await foreach (var update in client.CompleteChatStreamingAsync(messages.Select(ToOpenAI), request, cancellationToken))
        {
            yield return ToUpdate(update);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", endpoint, model)
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        // The HTTP client belongs to the factory that made it.
    }

    private static OpenAI.Chat.ChatMessage ToOpenAI(ChatMessage message) =>
        message.Role == ChatRole.System ? new SystemChatMessage(message.Text)
        : message.Role == ChatRole.Assistant ? new AssistantChatMessage(message.Text)
        : new UserChatMessage(message.Text);

    private static ChatResponseUpdate ToUpdate(StreamingChatCompletionUpdate update)
    {
        var converted = new ChatResponseUpdate(ChatRole.Assistant, string.Concat(update.ContentUpdate.Select(part => part.Text)))
        {
            ResponseId = update.CompletionId,
            ModelId = update.Model,
        };
        if (update.FinishReason is { } reason)
        {
            converted.FinishReason = reason == OpenAI.Chat.ChatFinishReason.Length ? ChatFinishReason.Length
                : reason == OpenAI.Chat.ChatFinishReason.ContentFilter ? ChatFinishReason.ContentFilter
                : ChatFinishReason.Stop;
        }

        if (update.Usage is { } usage)
        {
            converted.Contents.Add(new UsageContent(new UsageDetails
            {
                InputTokenCount = usage.InputTokenCount,
                OutputTokenCount = usage.OutputTokenCount,
                TotalTokenCount = usage.TotalTokenCount,
            }));
        }

        return converted;
    }
}
