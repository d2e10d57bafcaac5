package dev.jumbo.text.jinja;

import dev.jumbo.error.InputException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * A template that was read. Any number of threads may render it.
 *
 * <pre>{@code
 * JinjaTemplate.parse("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}").render(Map.of("messages", messages));
 * }</pre>
 *
 * <p>Values are {@code String}, {@code Boolean}, {@code Long}, {@code Integer}, {@code Double}, {@code List}, {@code Map} and {@code null}. What
 * is not there is undefined, as in jinja2: it prints nothing, and asking something of it is refused.
 */
public final class JinjaTemplate {
    private static final int LONGEST = 1 << 20;

    private final List<Statement> statements;
    private final TemplateLimits limits;
    private final Clock clock;
    private final boolean strict;

    private JinjaTemplate(List<Statement> statements, TemplateLimits limits, Clock clock, boolean strict) {
        this.statements = statements;
        this.limits = limits;
        this.clock = clock;
        this.strict = strict;
    }

    /** @throws InputException if it is no template, or has a part that templates here may not have, with the line */
    public static JinjaTemplate parse(String template) {
        return parse(template, false);
    }

    /**
     * With the settings of lm-evaluation-harness in the place of those of transformers: white space around blocks and the last line end stay,
     * what is not there is refused ({@code StrictUndefined}), and there is the filter {@code regex_replace(pattern, replacement)}.
     *
     * @throws InputException as {@link #parse}
     */
    public static JinjaTemplate strict(String template) {
        return parse(template, true);
    }

    private static JinjaTemplate parse(String template, boolean strict) {
        if (template.length() > LONGEST) {
            throw new InputException(
                    "the template: expected at most " + LONGEST + " characters, received " + template.length());
        }
        try {
            return new JinjaTemplate(
                    Parser.statements(template, strict), TemplateLimits.STANDARD, Clock.systemDefaultZone(), strict);
        } catch (SyntaxRefused e) {
            throw new InputException("the template, line " + e.line() + ": " + e.getMessage(), e);
        }
    }

    /** The same with other bounds. */
    public JinjaTemplate with(TemplateLimits other) {
        return new JinjaTemplate(statements, other, clock, strict);
    }

    /** The same with another clock for {@code strftime_now}. */
    public JinjaTemplate with(Clock other) {
        return new JinjaTemplate(statements, limits, other, strict);
    }

    /** @throws InputException if the template refuses, or cannot go on, with the line */
    public String render(Map<String, ?> values) {
        return render(values, List.of()).text();
    }

    /**
     * As {@link #render(Map)}, with what was written for each of some values.
     *
     * @param tracked values among those given, the same objects
     */
    public Rendered render(Map<String, ?> values, List<?> tracked) {
        Interpreter interpreter = new Interpreter(new Budget(limits), clock, strict);
        try {
            return interpreter.render(statements, values, tracked);
        } catch (Refused e) {
            throw new InputException("the template, line " + interpreter.line() + ": " + e.getMessage(), e);
        }
    }
}
