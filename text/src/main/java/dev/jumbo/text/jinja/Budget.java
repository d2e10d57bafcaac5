package dev.jumbo.text.jinja;

/** What is left of the {@link TemplateLimits}. */
final class Budget {
    private static final int EACH = 8;

    private final TemplateLimits limits;
    private long steps;
    private int depth;

    Budget(TemplateLimits limits) {
        this.limits = limits;
    }

    /** One more step. */
    void step() {
        made(EACH);
    }

    /** Characters or entries that were made, or looked through. */
    void made(long count) {
        steps += Math.max(1, count / EACH);
        if (steps > limits.steps()) {
            throw new Refused("expected a template that ends within " + limits.steps()
                    + " steps, received one that goes on; look for a loop that runs too often");
        }
    }

    /** Before a text or a list of so many characters or entries is made. */
    void makes(long size) {
        requireSize(size);
        made(size);
    }

    void requireSize(long size) {
        if (size > limits.output()) {
            throw new Refused("expected texts of at most " + limits.output() + " characters, received one of " + size);
        }
    }

    void enter() {
        if (++depth > limits.depth()) {
            throw new Refused(
                    "expected macros that call each other at most " + limits.depth() + " deep, received more");
        }
    }

    void leave() {
        depth--;
    }
}
