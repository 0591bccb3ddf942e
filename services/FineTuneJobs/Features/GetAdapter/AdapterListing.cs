using System.Globalization;
using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Features.GetAdapter;

/// <summary>A tenant's adapters and their history, page by page, the newest first.</summary>
internal sealed class AdapterListing(AdapterCatalog catalog)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public (IReadOnlyList<Adapter> Adapters, string NextPageToken) List(string tenant, string name, int state, int pageSize, string pageToken)
    {
        CheckName(name);
        var wanted = state == 0 ? (AdapterState?)null
            : System.Enum.IsDefined((AdapterState)state) ? (AdapterState)state
            : throw AdapterErrors.Invalid("STATE_INVALID", "state", $"{state} is no state of adapters.", "Leave it out for all.");
        var size = SizeOf(pageSize);
        var found = catalog.List(tenant, name, wanted, ReadToken(pageToken), size + 1);
        return found.Count <= size ? (found, "")
            : ([.. found.Take(size)], string.Create(CultureInfo.InvariantCulture, $"{found[size - 1].CreatedAt.ToUnixTimeMilliseconds()}.{found[size - 1].Id}"));
    }

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field and its range.</exception>
    public (IReadOnlyList<AdapterChange> Changes, string NextPageToken) ListChanges(string tenant, string name, int pageSize, string pageToken)
    {
        CheckName(name);
        var size = SizeOf(pageSize);
        var before = pageToken.Length == 0 ? (long?)null
            : long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence
            : throw TokenInvalid();
        var found = catalog.ListChanges(tenant, name, before, size + 1);
        return found.Count <= size ? (found, "") : ([.. found.Take(size)], found[size - 1].Sequence.ToString(CultureInfo.InvariantCulture));
    }

    private static void CheckName(string name)
    {
        if (name.Length > 0 && !AdapterReference.IsName(name))
        {
            throw AdapterErrors.NameInvalid("name", name);
        }
    }

    private static int SizeOf(int pageSize) => pageSize switch
    {
        0 => DefaultPageSize,
        >= 1 and <= MaxPageSize => pageSize,
        _ => throw AdapterErrors.Invalid("PAGE_SIZE_OUT_OF_RANGE", "page_size", $"{pageSize} is outside 1 to {MaxPageSize}.", $"Leave it out for {DefaultPageSize}."),
    };

    private static (long CreatedAt, string Id)? ReadToken(string token) =>
        token.Length == 0 ? null
            : token.Split('.') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? (milliseconds, id)
            : throw TokenInvalid();

    private static Grpc.Errors.ServiceException TokenInvalid() =>
        AdapterErrors.Invalid("PAGE_TOKEN_INVALID", "page_token", "it is none that this service gave.", "Send next_page_token of the former page unchanged.");
}
