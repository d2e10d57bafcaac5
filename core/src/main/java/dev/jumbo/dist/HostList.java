package dev.jumbo.dist;

/** SLURM's short form of many host names: {@code gpu[003-006,9],login1}. */
final class HostList {
    private HostList() {}

    /** The first host: {@code gpu003}. */
    static String first(String list) {
        int open = list.indexOf('[');
        int comma = list.indexOf(',');
        if (open < 0 || comma >= 0 && comma < open) {
            return comma < 0 ? list.strip() : list.substring(0, comma).strip();
        }
        int close = list.indexOf(']', open);
        String numbers = close < 0 ? list.substring(open + 1) : list.substring(open + 1, close);
        String firstNumber = numbers.split("[,-]", 2)[0];
        String rest = close < 0 ? "" : list.substring(close + 1);
        int end = rest.indexOf(',');
        return (list.substring(0, open) + firstNumber + (end < 0 ? rest : rest.substring(0, end))).strip();
    }
}
