using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>Makes the client of the configured endpoint. Retries are ours (<see cref="ChatStream"/>), so its own are off.</summary>
internal sealed class OpenAIChatClientFactory(IHttpClientFactory http, IOptions<GenerationOptions> options)
{
    /// <summary>The named HTTP client that reaches the endpoint.</summary>
    public const string HttpClientName = "openai";

    /// <summary>The client refuses an empty key; endpoints that ask for none ignore it.</summary>
    private const string NoKey = "none";

    public IChatClient Create()
    {
        var settings = options.Value.OpenAI;
        var endpoint = new Uri(settings.BaseUrl);
        var client = new ChatClient(
            settings.Model,
            new ApiKeyCredential(settings.ApiKey.Length > 0 ? settings.ApiKey : NoKey),
            new OpenAIClientOptions
            {
                Endpoint = endpoint,
                NetworkTimeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                Transport = new HttpClientPipelineTransport(http.CreateClient(HttpClientName)),
            });
        return new OpenAIChatClient(client, endpoint, settings.Model);
    }
}
