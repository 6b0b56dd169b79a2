namespace Baton.Analyzers.Tests;

/// <summary>The package, as a user has it.</summary>
public sealed class PackageTests(PackageUsers users) : IClassFixture<PackageUsers>
{
    [Fact]
    public void Brings_its_rules_to_a_project_that_references_it()
    {
        var built = users.Built("plain");

        Assert.Contains("Program.cs(9,26): warning BTN001: ", built, StringComparison.Ordinal);
        Assert.Contains("Program.cs(10,20): warning BTN10", built, StringComparison.Ordinal);
        Assert.Contains("Program.cs(15,73): warning BTN101: ", built, StringComparison.Ordinal);
        Assert.Contains("Program.cs(18,30): warning BTN201: ", built, StringComparison.Ordinal);
        Assert.DoesNotContain("CA2016", built, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_rules_go_by_the_analysis_mode_and_leave_their_call_to_CA2016_then()
    {
        var built = users.Built("silent");

        Assert.Contains("Program.cs(15,68): warning CA2016: ", built, StringComparison.Ordinal);
        Assert.DoesNotContain("BTN", built, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_rules_come_along_with_a_package_that_needs_it() =>
        Assert.Contains("Program.cs(9,26): warning BTN001: ", users.Built("web"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Baton")]
    [InlineData("Baton.AspNetCore")]
    public void A_package_says_what_it_is_where_it_comes_from_and_what_is_new(string package)
    {
        var (manifest, files) = users.Packed(package);

        Assert.Contains("<license type=\"expression\">MIT</license>", manifest, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", manifest, StringComparison.Ordinal);
        Assert.Contains("<icon>icon.png</icon>", manifest, StringComparison.Ordinal);
        Assert.Contains("<projectUrl>https://", manifest, StringComparison.Ordinal);
        Assert.Contains("<repository type=\"git\" url=\"https://", manifest, StringComparison.Ordinal);
        Assert.Contains("<releaseNotes>## ", manifest, StringComparison.Ordinal);
        Assert.Contains("README.md", files);
        Assert.Contains("icon.png", files);
        Assert.Contains($"lib/net10.0/{package}.dll", files);
        Assert.Contains($"lib/net10.0/{package}.xml", files);
    }

    [Fact]
    public void Packages_that_need_each_other_are_of_one_version() => Assert.Contains(
        "<dependency id=\"Baton\" version=\"[1.0.0-test]\"", users.Packed("Baton.AspNetCore").Manifest,
        StringComparison.Ordinal);

    [Fact]
    public void A_package_leads_to_nothing_that_only_the_repository_has()
    {
        var readmes = Directory.GetDirectories(Repository.PathTo("src"))
            .Select(static folder => Path.Combine(folder, "README.md")).Where(File.Exists).ToArray();

        Assert.NotEmpty(readmes);
        Assert.All(readmes, static readme => Assert.DoesNotMatch(@"\]\((?!https://|#)", File.ReadAllText(readme)));
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    public async Task An_earlier_framework_is_refused_at_restore(string framework) => Assert.Contains(
        "NU1202", await users.RestoreForAsync(framework, "Baton"), StringComparison.Ordinal);

    [Fact]
    public void An_application_that_adds_the_package_and_two_lines_gets_no_warning_from_a_build()
    {
        var warnings = users.Built("unported").Split('\n')
            .Where(line => line.Contains(": warning ", StringComparison.Ordinal)).Distinct();

        var other = Assert.Single(warnings);
        Assert.Contains($"{Unported.Forgotten}: warning CA2016: ", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_suggestions_for_it_are_fixed_by_dotnet_format()
    {
        await users.DotnetAsync(
            "format", "analyzers", "unported", "--no-restore", "--severity", "info", "--diagnostics", "BTN112");
        await users.DotnetAsync("build", "unported", "--nologo", "-tl:off", "--no-restore");

        var program = users.Read("unported/Program.cs");
        Assert.Contains("await Task.Delay(1, http.RequestContext);", program, StringComparison.Ordinal);
        Assert.Contains(
            "accessor.HttpContext?.TraceIdentifier ?? \"none\", accessor.HttpContext?.RequestAborted ?? default)", program,
            StringComparison.Ordinal);
        Assert.Contains("Clients.Others.SendAsync(\"said\", text);", program, StringComparison.Ordinal);
        Assert.Contains("ReadAllTextAsync(\"menu\"))", program, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_fixes_mend_the_project_by_dotnet_format()
    {
        await users.DotnetAsync("format", "analyzers", "plain", "--no-restore", "--severity", "warn");
        var built = await users.DotnetAsync(
            "build", "plain", "--nologo", "-tl:off", "--no-restore", "-warnaserror");

        var program = users.Read("plain/Program.cs");
        Assert.Contains("0 Warning(s)", built, StringComparison.Ordinal);
        Assert.Contains("using var budget = ", program, StringComparison.Ordinal);
        Assert.Contains(
            "private static readonly ContextKey<int> s_delay = new(\"delay\");", program,
            StringComparison.Ordinal);
    }
}
