using Grpc.Core;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Grpc.Tests;

public sealed class ErrorTableTests
{
    public static TheoryData<FailureKind, StatusCode> Table => new()
    {
        { FailureKind.InvalidArgument, StatusCode.InvalidArgument },
        { FailureKind.NotFound, StatusCode.NotFound },
        { FailureKind.AlreadyExists, StatusCode.AlreadyExists },
        { FailureKind.FailedPrecondition, StatusCode.FailedPrecondition },
        { FailureKind.ResourceExhausted, StatusCode.ResourceExhausted },
        { FailureKind.Unauthenticated, StatusCode.Unauthenticated },
        { FailureKind.PermissionDenied, StatusCode.PermissionDenied },
        { FailureKind.Unavailable, StatusCode.Unavailable },
        { FailureKind.DeadlineExceeded, StatusCode.DeadlineExceeded },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Failure_OverTheWireAndBack_IsTheSame(FailureKind kind, StatusCode code)
    {
        var failure = new ServiceException(kind, "TOP_K_TOO_LARGE", "top_k: 500 exceeds the limit of 100.")
        {
            Field = "top_k",
            Remedy = "Ask for at most 100.",
            RetryDelay = TimeSpan.FromSeconds(2),
        };

        var sent = failure.ToRpcException();
        var received = FailureStatus.FromRpcException(sent).ShouldNotBeNull();

        sent.StatusCode.ShouldBe(code);
        received.Kind.ShouldBe(kind);
        received.Code.ShouldBe(failure.Code);
        received.Message.ShouldBe(failure.Message);
        received.Field.ShouldBe(failure.Field);
        received.Remedy.ShouldBe(failure.Remedy);
        received.RetryDelay.ShouldBe(failure.RetryDelay);
    }

    [Fact]
    public void Table_CoversEveryKind() =>
        Enum.GetValues<FailureKind>().ShouldBe(Table.Select(row => (FailureKind)row[0]), ignoreOrder: true);

    [Fact]
    public void ForeignStatus_WithoutOurDetails_IsNotOurs() =>
        FailureStatus.FromRpcException(new RpcException(new Status(StatusCode.NotFound, "elsewhere"))).ShouldBeNull();

    [Fact]
    public void DamagedDetails_AreNotOurs()
    {
        var trailers = new Metadata { { FailureStatus.DetailsTrailer, [0xff, 0xff, 0xff] } };

        FailureStatus.FromRpcException(new RpcException(new Status(StatusCode.NotFound, "damaged"), trailers)).ShouldBeNull();
    }
}
