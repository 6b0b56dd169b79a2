namespace Baton.Exploration.Scenarios;

/// <summary>
/// A key is registered as the values are used for the first time: either the registration is refused, or
/// every use has the key.
/// </summary>
internal static class RegisterAgainstFirstUse
{
    private static readonly ContextKey<string> s_tenant = new("tenant");
    private static readonly ContextKey<string> s_region = new("region");

    internal static async Task RunAsync()
    {
        var ctx = Context.Background.WithValue(s_tenant, "acme").WithValue(s_region, "eu");
        var propagation = new ContextPropagation().Register(s_tenant, "x-tenant", ContextCodec.Text);
        var isRegistered = false;
        int first = 0, second = 0;

        await Scenario.Together(
            () =>
            {
                try
                {
                    propagation.Register(s_region, "x-region", ContextCodec.Text);
                    isRegistered = true;
                }
                catch (InvalidOperationException)
                {
                    // The values were used before.
                }
            },
            () =>
            {
                first = Count(propagation, ctx);
                second = Count(propagation, ctx);
            });

        Scenario.Check(first == second, "Every use has the same keys.");
        Scenario.Check(first == (isRegistered ? 2 : 1), "A key that was registered is in every use.");
    }

    private static int Count(ContextPropagation propagation, Context ctx)
    {
        var names = new List<string>();
        propagation.Inject(ctx, names, static (carrier, name, _) => carrier.Add(name));
        return names.Count;
    }
}
