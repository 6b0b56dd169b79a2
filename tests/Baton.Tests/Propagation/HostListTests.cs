namespace Baton.Tests.Propagation;

public sealed class HostListTests
{
    [Theory]
    [InlineData("münchen.de", "http://münchen.de/")]
    [InlineData("münchen.de", "http://xn--mnchen-3ya.de/")]
    [InlineData("xn--mnchen-3ya.de", "http://münchen.de/")]
    [InlineData("*.münchen.de", "http://www.münchen.de/")]
    [InlineData("münchen.de:8443", "https://münchen.de:8443/")]
    public void A_name_of_any_script_is_the_name_that_DNS_has(string pattern, string address)
    {
        Assert.True(new HostList([pattern]).Contains(new Uri(address)));
    }

    [Fact]
    public void A_port_in_a_pattern_counts_also_for_a_name_of_another_script()
    {
        Assert.False(new HostList(["münchen.de:8443"]).Contains(new Uri("https://münchen.de/")));
    }
}
