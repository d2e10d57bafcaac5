package dev.jumbo.text.jinja;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the statements of a template. */
final class Interpreter {
    private final Budget budget;
    private final Evaluator evaluator;
    private final Map<Object, Integer> tracked = new IdentityHashMap<>();
    private int line = 1;
    private int owner = -1;

    /** How a body ended. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Interpreter(Budget budget, Clock clock, boolean strict) {
        this.budget = budget;
        evaluator = new Evaluator(budget, clock, strict);
    }

    /** The line that runs, or ran last. */
    int line() {
        return line;
    }

    Rendered render(List<Statement> statements, Map<String, ?> values, List<?> toTrack) {
        Map<Object, Object> seen = new IdentityHashMap<>();
        for (int i = 0; i < toTrack.size(); i++) {
            tracked.put(PlainValues.of(toTrack.get(i), seen, 0), i);
        }
        Scope scope = new Scope(evaluator.globals());
        values.forEach((name, value) -> scope.set(name, PlainValues.of(value, seen, 0)));
        Written out = new Written(budget);
        run(statements, scope, out);
        return out.rendered();
    }

    private Flow run(List<Statement> statements, Scope scope, Written out) {
        for (Statement statement : statements) {
            Flow flow = run(statement, scope, out);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope, Written out) {
        line = statement.line();
        budget.step();
        if (statement instanceof Statement.Data data) {
            out.append(data.text(), owner);
        } else if (statement instanceof Statement.Output output) {
            out.append(Values.text(evaluator.value(output.of(), scope), budget), owner);
        } else if (statement instanceof Statement.If branches) {
            return branch(branches, scope, out);
        } else if (statement instanceof Statement.For loop) {
            loop(loop, scope, out);
        } else if (statement instanceof Statement.Set set) {
            assign(set.targets(), evaluator.value(set.value(), scope), scope);
        } else if (statement instanceof Statement.SetBlock set) {
            String text = captured(set.body(), new Scope(scope));
            assign(set.target(), evaluator.filtered(set.filters(), text, scope), scope);
        } else if (statement instanceof Statement.FilterBlock filter) {
            String text = captured(filter.body(), new Scope(scope));
            out.append(Values.text(evaluator.filtered(filter.filters(), text, scope), budget), owner);
        } else if (statement instanceof Statement.Macro macro) {
            scope.set(macro.name(), macro(macro, scope));
        } else if (statement instanceof Statement.CallBlock call) {
            call(call, scope, out);
        } else if (statement instanceof Statement.Generation generation) {
            int from = out.length();
            run(generation.body(), new Scope(scope), out);
            out.generated(from, owner);
        } else if (statement instanceof Statement.Break) {
            return Flow.BREAK;
        } else if (statement instanceof Statement.Continue) {
            return Flow.CONTINUE;
        }
        return Flow.NEXT;
    }

    private Flow branch(Statement.If branches, Scope scope, Written out) {
        for (Statement.Branch branch : branches.branches()) {
            if (Values.isTrue(evaluator.value(branch.test(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(branches.otherwise(), scope, out);
    }

    private String captured(List<Statement> body, Scope scope) {
        Written out = new Written(budget);
        run(body, scope, out);
        return out.toString();
    }

    private void loop(Statement.For loop, Scope around, Written out) {
        List<Object> entries = Values.entries(evaluator.value(loop.over(), around), budget);
        if (loop.only() != null) {
            List<Object> kept = new ArrayList<>();
            for (Object entry : entries) {
                Scope scope = new Scope(around);
                unpack(loop.targets(), entry, scope);
                if (Values.isTrue(evaluator.value(loop.only(), scope))) {
                    kept.add(entry);
                }
            }
            entries = kept;
        }
        LoopState state = new LoopState(entries, budget);
        int before = owner;
        for (int i = 0; i < entries.size(); i++) {
            line = loop.line();
            budget.step();
            Scope scope = new Scope(around);
            scope.set("loop", state);
            state.at(i);
            unpack(loop.targets(), entries.get(i), scope);
            owner = tracked.getOrDefault(entries.get(i), before);
            Flow flow = run(loop.body(), scope, out);
            owner = before;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        if (entries.isEmpty()) {
            run(loop.otherwise(), new Scope(around), out);
        }
    }

    private void unpack(List<String> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.get(0), value);
            return;
        }
        List<Object> values = Values.entries(value, budget);
        requireCount(targets.size(), values.size());
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), values.get(i));
        }
    }

    private static void requireCount(int expected, int received) {
        if (expected != received) {
            throw new Refused("expected " + expected + " values for as many names, received " + received);
        }
    }

    private void assign(List<Statement.Target> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            assign(targets.get(0), value, scope);
            return;
        }
        List<Object> values = Values.entries(value, budget);
        requireCount(targets.size(), values.size());
        for (int i = 0; i < targets.size(); i++) {
            assign(targets.get(i), values.get(i), scope);
        }
    }

    private static void assign(Statement.Target target, Object value, Scope scope) {
        if (target.attribute() == null) {
            scope.set(target.name(), value);
        } else if (scope.get(target.name()) instanceof Namespace namespace) {
            namespace.values().put(target.attribute(), value);
        } else {
            throw new Refused("expected a namespace to set " + target.name() + "." + target.attribute()
                    + ": nothing else may be changed");
        }
    }

    private Callable macro(Statement.Macro macro, Scope around) {
        return (arguments, named) -> {
            Map<String, Object> given = bound(macro.name(), macro.parameters(), arguments, named);
            Scope scope = new Scope(around);
            for (String parameter : macro.parameters()) {
                Object value = given.get(parameter);
                if (value == null) {
                    Expression standard = macro.defaults().get(parameter);
                    value = standard == null
                            ? new Undefined("parameter '" + parameter + "' was not provided, which")
                            : evaluator.value(standard, scope);
                }
                scope.set(parameter, value);
            }
            Object caller = named.get("caller");
            if (caller != null) {
                scope.set("caller", caller);
            }
            return inside(macro.body(), scope);
        };
    }

    private String inside(List<Statement> body, Scope scope) {
        budget.enter();
        int calledAt = line;
        String text = captured(body, scope);
        line = calledAt;
        budget.leave();
        return text;
    }

    private static Map<String, Object> bound(
            String name, List<String> parameters, List<Object> arguments, Map<String, Object> named) {
        if (arguments.size() > parameters.size()) {
            throw new Refused(
                    name + ": expected at most " + parameters.size() + " arguments, received " + arguments.size());
        }
        Map<String, Object> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            given.put(parameters.get(i), arguments.get(i));
        }
        named.forEach((key, value) -> {
            boolean isCaller = key.equals("caller") && !parameters.contains(key);
            if (!isCaller && (!parameters.contains(key) || given.put(key, value) != null)) {
                throw new Refused(name + ": expected arguments " + parameters + ", received \"" + key + "\""
                        + (parameters.contains(key) ? " twice" : ""));
            }
        });
        return given;
    }

    private void call(Statement.CallBlock block, Scope scope, Written out) {
        Callable caller = (arguments, named) -> {
            Map<String, Object> given = bound("caller", block.parameters(), arguments, named);
            Scope own = new Scope(scope);
            for (String parameter : block.parameters()) {
                own.set(parameter, given.getOrDefault(parameter, new Undefined(parameter)));
            }
            return inside(block.body(), own);
        };
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("caller", caller);
        out.append(Values.text(evaluator.call(block.call(), more, scope), budget), owner);
    }
}
