package dev.jumbo.text.jinja;

import dev.jumbo.text.jinja.Expression.Arguments;
import dev.jumbo.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Reads expressions, with jinja2's order of precedence. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Arguments NONE = new Arguments(List.of(), Map.of());

    private final TokenSource tokens;
    private final boolean moreFilters;

    /** @param moreFilters whether there are those of prompts of tasks */
    ExpressionParser(TokenSource tokens, boolean moreFilters) {
        this.tokens = tokens;
        this.moreFilters = moreFilters;
    }

    /** With {@code a if b else c}. */
    Expression expression() {
        return expression(true);
    }

    /** @param conditional whether an {@code if} behind it is its own; that of a loop is not */
    Expression expression(boolean conditional) {
        tokens.deeper();
        Expression found = or();
        while (conditional && tokens.skip("if")) {
            Expression test = or();
            Expression otherwise = tokens.skip("else") ? expression() : null;
            found = new Expression.Conditional(test, found, otherwise);
        }
        tokens.back();
        return found;
    }

    /** Expressions with commas between them are a tuple. */
    Expression tuple(boolean conditional) {
        Expression first = expression(conditional);
        if (!tokens.at(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>();
        items.add(first);
        while (tokens.skip(",")) {
            if (isEnd()) {
                break;
            }
            items.add(expression(conditional));
        }
        return new Expression.ListOf(items, true);
    }

    private boolean isEnd() {
        Kind kind = tokens.current().kind();
        return kind == Kind.BLOCK_END || kind == Kind.VARIABLE_END || tokens.at(")") || tokens.at("in");
    }

    private Expression or() {
        return left(Set.of("or"), this::and);
    }

    private Expression and() {
        return left(Set.of("and"), this::not);
    }

    private Expression left(Set<String> operators, Supplier<Expression> part) {
        Expression left = part.get();
        while ((tokens.current().kind() == Kind.OPERATOR || tokens.current().kind() == Kind.NAME)
                && operators.contains(tokens.current().value())) {
            String operator = (String) tokens.next().value();
            left = new Expression.Binary(operator, left, part.get());
        }
        return left;
    }

    private Expression not() {
        if (tokens.at("not") && !tokens.look().is("in")) {
            tokens.next();
            tokens.deeper();
            Expression of = not();
            tokens.back();
            return new Expression.Unary("not", of);
        }
        return compare();
    }

    private Expression compare() {
        Expression first = math();
        List<Expression.Comparison> rest = new ArrayList<>();
        while (true) {
            if (tokens.current().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(tokens.current().value())) {
                String operator = (String) tokens.next().value();
                rest.add(new Expression.Comparison(operator, math()));
            } else if (tokens.skip("in")) {
                rest.add(new Expression.Comparison("in", math()));
            } else if (tokens.at("not") && tokens.look().is("in")) {
                tokens.next();
                tokens.next();
                rest.add(new Expression.Comparison("not in", math()));
            } else {
                return rest.isEmpty() ? first : new Expression.Compare(first, rest);
            }
        }
    }

    private Expression math() {
        return left(Set.of("+", "-"), this::concat);
    }

    private Expression concat() {
        Expression first = products();
        if (!tokens.at("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skip("~")) {
            parts.add(products());
        }
        return new Expression.Concat(parts);
    }

    private Expression products() {
        return left(Set.of("*", "/", "//", "%"), () -> left(Set.of("**"), () -> unary(true)));
    }

    private Expression unary(boolean filters) {
        tokens.deeper();
        Expression found;
        if (tokens.current().kind() == Kind.OPERATOR && (tokens.at("-") || tokens.at("+"))) {
            String operator = (String) tokens.next().value();
            found = new Expression.Unary(operator, unary(false));
        } else {
            found = primary();
        }
        found = postfix(found);
        if (filters) {
            found = filtersAndTests(found);
        }
        tokens.back();
        return found;
    }

    private Expression primary() {
        Token token = tokens.current();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                return named((String) token.value());
            }
            case NUMBER -> {
                tokens.next();
                return new Expression.Constant(token.value());
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().value());
                }
                return new Expression.Constant(text.toString());
            }
            default -> {
                if (tokens.skip("(")) {
                    return parenthesis();
                }
                if (tokens.skip("[")) {
                    return new Expression.ListOf(items("]"), false);
                }
                if (tokens.skip("{")) {
                    return dict();
                }
                throw tokens.wrong("an expression");
            }
        }
    }

    private static Expression named(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(true);
            case "false", "False" -> new Expression.Constant(false);
            case "none", "None" -> new Expression.Constant(Nothing.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression parenthesis() {
        if (tokens.skip(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression inside = tuple(true);
        tokens.expect(")");
        return inside;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skip(end)) {
            if (!items.isEmpty()) {
                tokens.expect(",");
                if (tokens.skip(end)) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dict() {
        List<Expression.Entry> entries = new ArrayList<>();
        while (!tokens.skip("}")) {
            if (!entries.isEmpty()) {
                tokens.expect(",");
                if (tokens.skip("}")) {
                    break;
                }
            }
            Expression key = expression();
            tokens.expect(":");
            entries.add(new Expression.Entry(key, expression()));
        }
        return new Expression.Dict(entries);
    }

    private Expression postfix(Expression of) {
        Expression found = of;
        int length = 0;
        while (tokens.current().kind() == Kind.OPERATOR) {
            if (tokens.at(".") || tokens.at("[") || tokens.at("(")) {
                requireShort(++length);
            }
            if (tokens.skip(".")) {
                Token name = tokens.next();
                if (name.kind() == Kind.NUMBER && name.value() instanceof Long) {
                    found = new Expression.Item(found, new Expression.Constant(name.value()));
                } else if (name.kind() == Kind.NAME) {
                    found = new Expression.Attribute(found, (String) name.value());
                } else {
                    throw new SyntaxRefused("expected a name behind \".\", found " + name, name.line());
                }
            } else if (tokens.skip("[")) {
                found = subscript(found);
            } else if (tokens.at("(")) {
                found = new Expression.Call(found, arguments());
            } else {
                return found;
            }
        }
        return found;
    }

    /** Each is evaluated inside the next. */
    private void requireShort(int length) {
        if (length > 200) {
            throw tokens.wrong("at most 200 attributes, items, calls and filters one behind the other");
        }
    }

    private Expression subscript(Expression of) {
        Expression from = tokens.at(":") ? null : expression();
        if (tokens.skip("]")) {
            if (from == null) {
                throw tokens.wrong("an index");
            }
            return new Expression.Item(of, from);
        }
        if (from != null && tokens.at(",")) {
            throw tokens.wrong("one index, or a slice,");
        }
        tokens.expect(":");
        Expression to = tokens.at("]") || tokens.at(":") ? null : expression();
        Expression step = tokens.skip(":") && !tokens.at("]") ? expression() : null;
        tokens.expect("]");
        return new Expression.Slice(of, from, to, step);
    }

    Arguments arguments() {
        tokens.expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        boolean first = true;
        while (!tokens.skip(")")) {
            if (!first) {
                tokens.expect(",");
                if (tokens.skip(")")) {
                    break;
                }
            }
            first = false;
            if (tokens.at("*") || tokens.at("**")) {
                throw tokens.wrong("arguments one by one, which is what templates may pass,");
            }
            if (tokens.current().kind() == Kind.NAME && tokens.look().is("=")) {
                String name = tokens.name();
                tokens.next();
                named.put(name, expression());
            } else {
                if (!named.isEmpty()) {
                    throw tokens.wrong("arguments with names behind those without");
                }
                positional.add(expression());
            }
        }
        return new Arguments(positional, named);
    }

    private Expression filtersAndTests(Expression of) {
        Expression found = of;
        int length = 0;
        while (true) {
            requireShort(++length);
            if (tokens.at("|")) {
                found = filters(found);
            } else if (tokens.skip("is")) {
                found = test(found);
            } else if (tokens.at("(") && length > 1) {
                found = new Expression.Call(found, arguments());
            } else {
                return found;
            }
        }
    }

    /** Filters with {@code |} before each. */
    Expression filters(Expression of) {
        Expression found = of;
        int length = 0;
        while (tokens.skip("|")) {
            requireShort(++length);
            found = filter(found);
        }
        return found;
    }

    /** A filter, its name first. */
    Expression filter(Expression of) {
        String name = tokens.name();
        Filters.require(name, tokens.current().line(), moreFilters);
        return new Expression.Filter(of, name, tokens.at("(") ? arguments() : NONE);
    }

    private Expression test(Expression of) {
        boolean negated = tokens.skip("not");
        int line = tokens.current().line();
        String name = tokens.name();
        Tests.require(name, line);
        Arguments arguments = NONE;
        Token next = tokens.current();
        if (tokens.at("(")) {
            arguments = arguments();
        } else if (takesOne(next)) {
            if (next.is("is")) {
                throw tokens.wrong("one test");
            }
            tokens.deeper();
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
            tokens.back();
        }
        return new Expression.Test(of, name, arguments, negated);
    }

    private static boolean takesOne(Token next) {
        boolean starts = switch (next.kind()) {
            case NAME, STRING, NUMBER -> true;
            default -> next.is("[") || next.is("{");
        };
        return starts && !next.is("else") && !next.is("or") && !next.is("and");
    }
}
