using System.Net.Quic;

namespace Baton.AspNetCore.Tests.Matrix;

public sealed class TlsMatrixTests : MatrixTests
{
    public static TheoryData<Side, string> Http2Rows => Of(TlsRows.Http2);

    public static TheoryData<Side, string> Http3Rows => Of(TlsRows.Http3);

    /// <summary>
    /// Whether this machine has the library, libmsquic, without which .NET speaks no HTTP/3.
    /// </summary>
    public static bool HasQuic =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            && QuicListener.IsSupported;

    [Theory]
    [MemberData(nameof(Http2Rows))]
    public Task Over_HTTP_2_and_TLS(Side side, string act) => CheckAsync(TlsRows.Http2, side, act);

    [Theory(Skip = "This machine has no libmsquic.", SkipUnless = nameof(HasQuic))]
    [MemberData(nameof(Http3Rows))]
    public Task Over_HTTP_3(Side side, string act) => CheckAsync(TlsRows.Http3, side, act);
}
