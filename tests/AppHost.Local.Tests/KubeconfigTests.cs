using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class KubeconfigTests
{
    [Fact]
    public void Kubeconfig_CutAnywhere_IsNotReadUntilItIsWhole()
    {
        using var folder = new TestFolder();
        using var key = RSA.Create(2048);
        using var authority = new CertificateRequest("CN=dcp", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.ExportCertificatePem()));
        var whole = $"clusters:\n- cluster:\n    certificate-authority-data: {data}\n    server: https://127.0.0.1:42269\nusers:\n- user:\n    token: abc\n";
        var path = folder.File("kubeconfig");

        Kubeconfig.TryRead(path).ShouldBeNull();
        foreach (var length in new[] { 0, 60, whole.IndexOf("server", StringComparison.Ordinal) - 9, whole.IndexOf("token", StringComparison.Ordinal) })
        {
            File.WriteAllText(path, whole[..length]);
            Kubeconfig.TryRead(path).ShouldBeNull();
        }

        File.WriteAllText(path, whole);
        var access = Kubeconfig.TryRead(path).ShouldNotBeNull();
        access.Server.ShouldBe(new Uri("https://127.0.0.1:42269"));
        access.Token.ShouldBe("abc");
        access.Authority.Subject.ShouldBe("CN=dcp");
    }
}
