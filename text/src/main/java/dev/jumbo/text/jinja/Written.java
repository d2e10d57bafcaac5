package dev.jumbo.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Text that a template writes, and which of the tracked values a loop was at when it did. */
final class Written {
    private final StringBuilder text = new StringBuilder();
    private final List<TextSpan> spans = new ArrayList<>();
    private final List<TextSpan> generated = new ArrayList<>();
    private final Budget budget;

    Written(Budget budget) {
        this.budget = budget;
    }

    /** @param owner index of the tracked value, or -1 */
    void append(String more, int owner) {
        budget.made(more.length());
        budget.requireSize(text.length() + (long) more.length());
        int from = text.length();
        text.append(more);
        if (owner < 0 || more.isEmpty()) {
            return;
        }
        int last = spans.size() - 1;
        if (last >= 0 && spans.get(last).index() == owner && spans.get(last).to() == from) {
            spans.set(last, new TextSpan(owner, spans.get(last).from(), text.length()));
        } else {
            spans.add(new TextSpan(owner, from, text.length()));
        }
    }

    int length() {
        return text.length();
    }

    void generated(int from, int owner) {
        generated.add(new TextSpan(owner, from, text.length()));
    }

    Rendered rendered() {
        return new Rendered(text.toString(), spans, generated);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
