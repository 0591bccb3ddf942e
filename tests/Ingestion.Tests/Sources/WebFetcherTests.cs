using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Sources.Web;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Sources;

public sealed class WebFetcherTests : IAsyncLifetime
{
    private const int MaxBytes = 100_000;

    private TestWeb _web = null!;

    public async Task InitializeAsync() => _web = await TestWeb.StartAsync();

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://localhost/")]
    public async Task Fetch_AddressThatIsNotPublic_IsRefused(string url)
    {
        using var fetcher = Create(resolve: Dns.GetHostAddressesAsync);

        (await FailureOfAsync(fetcher, url)).Code.ShouldBe("ADDRESS_REFUSED");
    }

    [Theory]
    [InlineData("file:///etc/passwd", "URL_REFUSED")]
    [InlineData("ftp://example.com/", "URL_REFUSED")]
    [InlineData("gopher://example.com:70/_", "URL_REFUSED")]
    [InlineData("http://user:secret@example.com/", "URL_REFUSED")]
    [InlineData("http://example.com:22/", "PORT_REFUSED")]
    [InlineData("http://example.com:6379/", "PORT_REFUSED")]
    public async Task Fetch_OtherSchemesPortsAndNames_AreRefusedBeforeAnythingIsResolved(string url, string code)
    {
        using var fetcher = Create(resolve: (_, _) => throw new InvalidOperationException("Nothing is to be resolved."));

        (await FailureOfAsync(fetcher, url)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Fetch_NameWithAPublicAndAPrivateAddress_IsRefusedWhole()
    {
        using var fetcher = Create(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]));

        (await FailureOfAsync(fetcher, "http://rebind.test/")).Code.ShouldBe("ADDRESS_REFUSED");
    }

    [Fact]
    public async Task Fetch_NameThatChangesItsAddress_ConnectsToTheCheckedOne()
    {
        await using var other = await TestWeb.StartAsync();
        _web.Write("/", "the checked one");
        other.Write("/", "another one");
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]);
        var asked = 0;
        using var fetcher = Create(
            resolve: (_, _) =>
            {
                asked++;
                return Task.FromResult<IPAddress[]>([answers.Dequeue()]);
            },
            privateHosts: [$"rebind.test:{_web.Address.Port}"]);

        var found = await FetchAsync(fetcher, $"http://rebind.test:{_web.Address.Port}/");

        System.Text.Encoding.UTF8.GetString(found.Body).ShouldBe("the checked one");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Fetch_PrivateHost_IsAllowedByNameAlone_AndCloudMetadataNotEvenThen()
    {
        using var fetcher = Create(resolve: (host, _) => Task.FromResult<IPAddress[]>([host == "intranet.test" ? IPAddress.Parse("169.254.169.254") : IPAddress.Loopback]), privateHosts: ["intranet.test"]);

        (await FailureOfAsync(fetcher, "http://intranet.test/")).Code.ShouldBe("ADDRESS_REFUSED");
        (await FailureOfAsync(fetcher, "http://other.test/")).Code.ShouldBe("ADDRESS_REFUSED");
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/", "ADDRESS_REFUSED")]
    [InlineData("http://[::1]/", "ADDRESS_REFUSED")]
    [InlineData("http://localhost/", "ADDRESS_REFUSED")]
    [InlineData("http://127.0.0.1:1/", "PORT_REFUSED")]
    [InlineData("file:///etc/passwd", "URL_REFUSED")]
    [InlineData("//user@example.com/", "URL_REFUSED")]
    [InlineData("", "BAD_REDIRECT")]
    public async Task Redirect_ToWhatMayNotBeAsked_IsRefused(string location, string code)
    {
        _web.Answer("/", 302, location);
        using var fetcher = Create(resolve: Dns.GetHostAddressesAsync);

        (await FailureOfAsync(fetcher, _web.Url("/"))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Redirects_UpToTheLimitAreFollowed_OneMoreIsNot()
    {
        for (var hop = 0; hop < 6; hop++)
        {
            _web.Answer($"/{hop}", 301, $"/{hop + 1}");
        }

        _web.Write("/6", "the end");
        using var fetcher = Create();

        (await FetchAsync(fetcher, _web.Url("/1"))).Url.AbsolutePath.ShouldBe("/6");
        (await FailureOfAsync(fetcher, _web.Url("/0"))).Code.ShouldBe("TOO_MANY_REDIRECTS");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OverTheLimit_IsNotRead_HoweverItIsSent(bool withLength)
    {
        _web.Pages["/"] = async context =>
        {
            context.Response.ContentLength = withLength ? 1L << 40 : null;
            var piece = new byte[65_536];
            for (var sent = 0; sent < 10_000 && !context.RequestAborted.IsCancellationRequested; sent++)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        };
        using var fetcher = Create();

        (await FailureOfAsync(fetcher, _web.Url("/"))).Code.ShouldBe("TOO_LARGE");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Body_ThatUnpacksToMoreThanTheLimit_IsNotRead(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream packer = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await packer.WriteAsync(new byte[50 * 1024 * 1024]);
        }

        _web.WriteBytes("/", packed.ToArray(), "text/plain", encoding);
        using var fetcher = Create();

        (await FailureOfAsync(fetcher, _web.Url("/"))).Code.ShouldBe("TOO_LARGE");
    }

    [Theory]
    [InlineData(true, 1, 30, "sent nothing for 1 s")]
    [InlineData(false, 30, 1, "was not answered within 1 s")]
    public async Task Server_ThatStalls_IsLeft(bool beginsToAnswer, int idleSeconds, int totalSeconds, string reason)
    {
        _web.Pages["/"] = async context =>
        {
            if (beginsToAnswer)
            {
                await context.Response.WriteAsync("begin", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var fetcher = Create(configure: options => (options.IdleTimeoutSeconds, options.RequestTimeoutSeconds) = (idleSeconds, totalSeconds));

        var failure = await FailureOfAsync(fetcher, _web.Url("/"));

        failure.Code.ShouldBe("TIMED_OUT");
        failure.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsUnreachableAndSaysSo()
    {
        var url = _web.Url("/");
        await _web.DisposeAsync();
        using var fetcher = Create();

        var failure = await FailureOfAsync(fetcher, url);

        (failure.Code, failure.IsTransient).ShouldBe(("UNREACHABLE", true));
    }

    [Fact]
    public async Task Known_UnchangedPage_Costs304()
    {
        _web.Write("/", "text");
        using var fetcher = Create();
        var first = await FetchAsync(fetcher, _web.Url("/"));

        var second = await fetcher.FetchAsync(new Uri(_web.Url("/")), first.Known, MaxBytes, judge: null, CancellationToken.None).WithTimeout("the answer");

        (first.Status, second.Status, second.Body.Length).ShouldBe((200, 304, 0));
        first.ContentType.ShouldBe("text/html; charset=utf-8");
    }

    private WebFetcher Create(Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, string[]? privateHosts = null, Action<WebSourceOptions>? configure = null)
    {
        var options = new WebSourceOptions { PrivateHosts = privateHosts ?? [_web.PrivateHost], HostDelayMilliseconds = 0 };
        configure?.Invoke(options);
        var wrapped = Options.Create(options);
        var rules = new WebAddressRules(wrapped);
        return new WebFetcher(rules, new GuardedConnector(rules, resolve ?? Dns.GetHostAddressesAsync), new HostTurns(wrapped, TimeProvider.System), wrapped, TimeProvider.System);
    }

    private static Task<FetchedContent> FetchAsync(WebFetcher fetcher, string url) =>
        fetcher.FetchAsync(new Uri(url), known: null, MaxBytes, judge: null, CancellationToken.None).WithTimeout("the answer");

    private static async Task<WebFailure> FailureOfAsync(WebFetcher fetcher, string url) => (await Should.ThrowAsync<FetchException>(() => FetchAsync(fetcher, url))).Failure;
}
