package dev.jumbo.text.jinja;

import java.util.List;

/** {@code loop} of a loop. */
final class LoopState {
    private final List<Object> entries;
    private final Budget budget;
    private int at;
    private Object changed = Nothing.NONE;
    private boolean asked;

    LoopState(List<Object> entries, Budget budget) {
        this.entries = entries;
        this.budget = budget;
    }

    void at(int index) {
        at = index;
    }

    Object get(String name) {
        long size = entries.size();
        return switch (name) {
            case "index" -> at + 1L;
            case "index0" -> (long) at;
            case "revindex" -> size - at;
            case "revindex0" -> size - at - 1;
            case "first" -> at == 0;
            case "last" -> at == size - 1;
            case "length" -> size;
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> at == 0 ? new Undefined("loop.previtem") : entries.get(at - 1);
            case "nextitem" -> at == size - 1 ? new Undefined("loop.nextitem") : entries.get(at + 1);
            case "cycle" ->
                (Callable) (arguments, named) -> {
                    if (arguments.isEmpty()) {
                        throw new Refused("loop.cycle: expected values, received none");
                    }
                    return arguments.get(at % arguments.size());
                };
            case "changed" ->
                (Callable) (arguments, named) -> {
                    Object now = new Tuple(arguments);
                    boolean differs = !asked || !Values.equal(changed, now, budget);
                    changed = now;
                    asked = true;
                    return differs;
                };
            default -> new Undefined("loop." + name);
        };
    }
}
