namespace Baton.Overload;

/// <summary>What became of one request.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Sent">When it was sent, in seconds since the first.</param>
/// <param name="Took">What its good answer took, in milliseconds; null if there was none in time.</param>
internal readonly record struct Asked(int Id, double Sent, double? Took);
