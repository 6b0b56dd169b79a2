namespace Baton.Measuring;

/// <summary>How a figure stands to its bar.</summary>
public enum Verdict
{
    Met,
    Missed,
    NotMeasured,
}
