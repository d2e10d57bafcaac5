package dev.jumbo.text.jinja;

import dev.jumbo.text.jinja.Statement.Target;
import dev.jumbo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a template's statements. */
final class Parser {
    private final TokenSource tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(List<Token> tokens, boolean strict) {
        this.tokens = new TokenSource(tokens);
        expressions = new ExpressionParser(this.tokens, strict);
    }

    /** @param strict as {@link JinjaTemplate#strict} */
    static List<Statement> statements(String template, boolean strict) {
        Parser parser = new Parser(Lexer.tokens(template, strict), strict);
        List<Statement> all = parser.body(Set.of());
        parser.tokens.expect(Kind.END);
        return all;
    }

    /** Up to a block of one of these names, whose name is next; of none, up to the end. */
    private List<Statement> body(Set<String> ends) {
        tokens.deeper();
        List<Statement> all = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            switch (token.kind()) {
                case DATA -> {
                    tokens.next();
                    all.add(new Statement.Data((String) token.value(), token.line()));
                }
                case VARIABLE_BEGIN -> {
                    tokens.next();
                    all.add(new Statement.Output(expressions.tuple(true), token.line()));
                    tokens.expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    tokens.next();
                    if (tokens.current().kind() == Kind.NAME
                            && ends.contains(tokens.current().value())) {
                        tokens.back();
                        return all;
                    }
                    all.add(block(token.line()));
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.wrong("{% "
                                + String.join(
                                        " %} or {% ", ends.stream().sorted().toList()) + " %}");
                    }
                    tokens.back();
                    return all;
                }
            }
        }
    }

    private void end(String name) {
        tokens.expect(name);
        tokens.expect(Kind.BLOCK_END);
    }

    private Statement block(int line) {
        String name = tokens.name();
        switch (name) {
            case "if" -> {
                return condition(line);
            }
            case "for" -> {
                return loop(line);
            }
            case "set" -> {
                return set(line);
            }
            case "macro" -> {
                return macro(line);
            }
            case "call" -> {
                return call(line);
            }
            case "filter" -> {
                Expression filters = expressions.filters(expressions.filter(new Expression.Captured()));
                tokens.expect(Kind.BLOCK_END);
                List<Statement> body = apart("endfilter");
                return new Statement.FilterBlock(filters, body, line);
            }
            case "generation" -> {
                tokens.expect(Kind.BLOCK_END);
                return new Statement.Generation(apart("endgeneration"), line);
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw new SyntaxRefused("expected {% " + name + " %} inside of a loop", line);
                }
                tokens.expect(Kind.BLOCK_END);
                return name.equals("break") ? new Statement.Break(line) : new Statement.Continue(line);
            }
            default ->
                throw new SyntaxRefused(
                        "expected a block that templates may have (if, for, set, macro, call, filter,"
                                + " generation, break, continue, raw), found {% " + Text.shown(name) + " %}",
                        line);
        }
    }

    /** A body in which no loop around it can be left. */
    private List<Statement> apart(String end) {
        int outside = loops;
        loops = 0;
        List<Statement> body = body(Set.of(end));
        loops = outside;
        end(end);
        return body;
    }

    private Statement condition(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        Set<String> ends = Set.of("elif", "else", "endif");
        Expression test = expressions.tuple(true);
        tokens.expect(Kind.BLOCK_END);
        branches.add(new Statement.Branch(test, body(ends)));
        while (tokens.skip("elif")) {
            Expression next = expressions.tuple(true);
            tokens.expect(Kind.BLOCK_END);
            branches.add(new Statement.Branch(next, body(ends)));
        }
        if (tokens.skip("else")) {
            tokens.expect(Kind.BLOCK_END);
            otherwise = body(Set.of("endif"));
        }
        end("endif");
        return new Statement.If(branches, otherwise, line);
    }

    private Statement loop(int line) {
        List<String> targets = names("in");
        tokens.expect("in");
        Expression over = expressions.tuple(false);
        Expression only = tokens.skip("if") ? expressions.expression() : null;
        if (tokens.at("recursive")) {
            throw tokens.wrong("a loop that does not call itself");
        }
        tokens.expect(Kind.BLOCK_END);
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.skip("else")) {
            tokens.expect(Kind.BLOCK_END);
            otherwise = body(Set.of("endfor"));
        }
        end("endfor");
        return new Statement.For(targets, over, only, body, otherwise, line);
    }

    /** Names with commas between them, in parentheses or not. */
    private List<String> names(String before) {
        boolean inside = tokens.skip("(");
        List<String> names = new ArrayList<>();
        do {
            if (!names.isEmpty() && (tokens.at(before) || tokens.at(")"))) {
                break;
            }
            names.add(tokens.name());
        } while (tokens.skip(","));
        if (inside) {
            tokens.expect(")");
        }
        return names;
    }

    private Target target() {
        String name = tokens.name();
        return new Target(name, tokens.skip(".") ? tokens.name() : null);
    }

    private Statement set(int line) {
        boolean inside = tokens.skip("(");
        List<Target> targets = new ArrayList<>();
        do {
            if (!targets.isEmpty() && tokens.at("=")) {
                break;
            }
            targets.add(target());
        } while (tokens.skip(","));
        if (inside) {
            tokens.expect(")");
        }
        if (tokens.skip("=")) {
            Expression value = expressions.tuple(true);
            tokens.expect(Kind.BLOCK_END);
            return new Statement.Set(targets, value, line);
        }
        if (targets.size() > 1) {
            throw tokens.wrong("\"=\"");
        }
        Expression filters = expressions.filters(new Expression.Captured());
        tokens.expect(Kind.BLOCK_END);
        return new Statement.SetBlock(targets.get(0), apart("endset"), filters, line);
    }

    private Statement macro(int line) {
        String name = tokens.name();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        List<String> parameters = parameters(defaults);
        tokens.expect(Kind.BLOCK_END);
        return new Statement.Macro(name, parameters, defaults, apart("endmacro"), line);
    }

    private List<String> parameters(Map<String, Expression> defaults) {
        List<String> parameters = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.skip(")")) {
            if (!parameters.isEmpty()) {
                tokens.expect(",");
                if (tokens.skip(")")) {
                    break;
                }
            }
            String name = tokens.name();
            if (parameters.contains(name)) {
                throw tokens.wrong("parameters of different names");
            }
            parameters.add(name);
            if (tokens.skip("=")) {
                defaults.put(name, expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.wrong("a default for each parameter behind one that has one");
            }
        }
        return parameters;
    }

    private Statement call(int line) {
        Map<String, Expression> defaults = new LinkedHashMap<>();
        List<String> parameters = tokens.at("(") ? parameters(defaults) : List.of();
        if (!defaults.isEmpty()) {
            throw tokens.wrong("parameters without defaults");
        }
        Expression called = expressions.expression();
        if (!(called instanceof Expression.Call call)) {
            throw tokens.wrong("a call of a macro");
        }
        tokens.expect(Kind.BLOCK_END);
        return new Statement.CallBlock(parameters, call, apart("endcall"), line);
    }
}
