package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template does, in order. */
sealed interface Statement {
    int line();

    record Data(String text, int line) implements Statement {}

    record Output(Expression of, int line) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    record For(
            List<String> targets,
            Expression over,
            @Nullable Expression only,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    /** @param attribute of a namespace, or null */
    record Target(String name, @Nullable String attribute) {}

    record Set(List<Target> targets, Expression value, int line) implements Statement {}

    /** @param filters applied to {@link Expression.Captured} */
    record SetBlock(Target target, List<Statement> body, Expression filters, int line) implements Statement {}

    record FilterBlock(Expression filters, List<Statement> body, int line) implements Statement {}

    record Macro(String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body, int line)
            implements Statement {}

    record CallBlock(List<String> parameters, Expression.Call call, List<Statement> body, int line)
            implements Statement {}

    record Generation(List<Statement> body, int line) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}
}
