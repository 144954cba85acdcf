namespace LienThong.Gateway.Routes;

/// <summary>
/// Matches a whole path against a pattern of the X-Road form: <c>*</c> is zero or more characters inside one segment, <c>**</c> any characters,
/// <c>\*</c> and <c>\\</c> the characters themselves. No regular expression: a pattern of an agency must not be able to take time.
/// </summary>
public static class PathGlob
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        // The two most recent wildcards are enough to go back to: a later star of the same kind takes over whatever an earlier one could.
        int p = 0, s = 0;
        int star = -1, starAt = 0;       // last '*' and where in the path its next attempt begins
        int wide = -1, wideAt = 0;       // last '**'
        while (true)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                if (p + 1 < pattern.Length && pattern[p + 1] == '*')
                {
                    p += 2;
                    (wide, wideAt, star) = (p, s, -1);
                }
                else
                {
                    (star, starAt) = (++p, s);
                }

                continue;
            }

            if (p == pattern.Length && s == path.Length) return true;
            if (p < pattern.Length && s < path.Length)
            {
                var escaped = pattern[p] == '\\' && p + 1 < pattern.Length && pattern[p + 1] is '*' or '\\';
                if ((escaped ? pattern[p + 1] : pattern[p]) == path[s])
                {
                    p += escaped ? 2 : 1;
                    s++;
                    continue;
                }
            }

            if (star >= 0 && starAt < path.Length && path[starAt] != '/')
            {
                (p, s) = (star, ++starAt);
            }
            else if (wide >= 0 && wideAt < path.Length)
            {
                (p, s, star) = (wide, ++wideAt, -1);
            }
            else
            {
                return false;
            }
        }
    }
}
