namespace LienThong.Gateway.Simulation;

/// <summary>How a simulated system misbehaves, all the time or now and then.</summary>
public enum SimulatedFault
{
    None,

    /// <summary>One byte a second.</summary>
    Slow,

    /// <summary>Takes the request and never answers.</summary>
    Hang,

    /// <summary>Breaks the connection off.</summary>
    Reset,

    /// <summary>Answers something that is not HTTP.</summary>
    Garbage,

    /// <summary>Two gigabytes of a JSON text.</summary>
    Huge,

    /// <summary>500 to everything.</summary>
    Errors,

    /// <summary>A web page where JSON was promised.</summary>
    WrongType,

    /// <summary>A certificate that ended, for another name, from nobody.</summary>
    BadTls,

    /// <summary>JSON that ends in the middle, under a length that is right.</summary>
    CutJson,
}

/// <summary>Occasional trouble of a system that is otherwise well, by count, so that a run can be repeated.</summary>
/// <param name="ErrorEvery">Every so many requests one answers 500; 0: never.</param>
/// <param name="SlowEvery">Every so many requests one takes <paramref name="SlowFor"/>.</param>
public sealed record SimulatedWeather(int ErrorEvery = 0, int SlowEvery = 0, TimeSpan SlowFor = default);
