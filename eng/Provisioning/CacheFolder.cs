namespace RagPlatform.Provisioning;

/// <summary>
/// The per-user folder for what is fetched once and shared by all checkouts:
/// <c>RAG_CACHE</c> when set, else <c>ragplatform</c> in the user's local application data.
/// </summary>
public static class CacheFolder
{
    public const string Variable = "RAG_CACHE";

    public static string Path
    {
        get
        {
            var chosen = Environment.GetEnvironmentVariable(Variable);
            if (!string.IsNullOrWhiteSpace(chosen))
            {
                return System.IO.Path.GetFullPath(chosen);
            }

            var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return local.Length > 0
                ? System.IO.Path.Combine(local, "ragplatform")
                : throw new ProvisioningException($"There is no folder to keep downloads in, because the user has no home folder: set {Variable} to one.");
        }
    }
}
