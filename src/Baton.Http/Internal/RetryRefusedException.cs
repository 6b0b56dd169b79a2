namespace Baton.Http;

/// <summary>
/// Ends the attempts of a call: no strategy takes it for a failure that may pass. Nobody outside sees it.
/// </summary>
internal sealed class RetryRefusedException(BudgetExhaustedException why) : Exception(why.Message, why);
