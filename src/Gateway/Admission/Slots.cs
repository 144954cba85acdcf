namespace LienThong.Gateway.Admission;

/// <summary>Room for calls under way to one service: a slow provider fills its own room and nobody else's.</summary>
internal sealed class Slots
{
    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    public bool TryTake(int max)
    {
        if (Interlocked.Increment(ref _taken) <= max) return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _taken);
}
