package dev.jumbo.data.clean.rules;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads an expression by recursive descent; every mistake is told with its position. */
final class Parser {
    private static final int DEEPEST = 100;
    private static final Set<String> WORDS =
            Set.of("and", "or", "not", "between", "in", "is", "missing", "true", "false");
    private static final Set<String> OPERATORS =
            Set.of("and", "or", "not", "between", "in", "is", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%");

    private final String expression;
    private final List<Token> tokens;
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private int next;
    private int depth;

    Parser(String expression) {
        this.expression = expression;
        tokens = Token.of(expression);
    }

    /** Columns that were named, with the position of the first time. */
    Map<String, Integer> columns() {
        return columns;
    }

    Node condition() {
        Node node = or();
        Token rest = peek();
        if (rest.kind() != Token.Kind.END) {
            throw error(rest, "expected an operator or the end, received " + rest.shown() + hint(rest, OPERATORS));
        }
        return requireCondition(node, tokens.get(0), "the whole is");
    }

    private Node or() {
        return joined("or", "||", false);
    }

    private Node joined(String word, String sign, boolean all) {
        Token first = peek();
        Node left = all ? not() : joined("and", "&&", true);
        while (true) {
            if (peek().is(sign)) {
                throw error(peek(), "write " + word + " for " + sign);
            }
            if (!take(word)) {
                return left;
            }
            Token second = peek();
            Node right = all ? not() : joined("and", "&&", true);
            left = new Node.Joined(
                    all,
                    requireCondition(left, first, "on both sides of " + word + " stand conditions, here is"),
                    requireCondition(right, second, "on both sides of " + word + " stand conditions, here is"));
        }
    }

    private Node not() {
        Token first = peek();
        if (first.is("!")) {
            throw error(first, "write not for !");
        }
        if (!take("not")) {
            return comparison();
        }
        enter(first);
        Token inner = peek();
        Node node = new Node.Not(requireCondition(not(), inner, "not stands before a condition, here is"));
        depth--;
        return node;
    }

    private Node comparison() {
        Node left = sum();
        Node whole = null;
        while (true) {
            Token sign = peek();
            Comparing comparing = sign.kind() == Token.Kind.SIGN ? Comparing.of(sign.text()) : null;
            if (comparing == null) {
                return whole == null ? other(left) : whole;
            }
            next++;
            Node right = sum();
            Node compared = new Node.Compared(comparing, left, right);
            whole = whole == null ? compared : new Node.Joined(true, whole, compared);
            left = right; // 0 <= a < 10
        }
    }

    private Node other(Node left) {
        if (take("is")) {
            boolean not = take("not");
            expect("missing");
            return negated(not, new Node.Absent(left));
        }
        boolean not = peek().is("not");
        if (not && (tokens.get(next + 1).is("between") || tokens.get(next + 1).is("in"))) {
            next++;
        }
        if (take("between")) {
            Node low = sum();
            expect("and");
            Node high = sum();
            return negated(
                    not,
                    new Node.Joined(
                            true,
                            new Node.Compared(Comparing.GREATER_OR_EQUAL, left, low),
                            new Node.Compared(Comparing.LESS_OR_EQUAL, left, high)));
        }
        if (take("in")) {
            return negated(not, new Node.Among(left, list()));
        }
        return left;
    }

    private static Node negated(boolean not, Node node) {
        return not ? new Node.Not(node) : node;
    }

    private List<Node> list() {
        Token open = peek();
        if (!open.is("(") && !open.is("[")) {
            throw error(open, "expected a list such as ('a', 'b') behind in, received " + open.shown());
        }
        next++;
        List<Node> list = arguments(open.is("(") ? ")" : "]");
        if (list.isEmpty()) {
            throw error(open, "expected values in the list, received none");
        }
        return list;
    }

    private List<Node> arguments(String close) {
        List<Node> list = new ArrayList<>();
        if (take(close)) {
            return list;
        }
        do {
            list.add(or());
        } while (take(","));
        expect(close);
        return list;
    }

    private Node sum() {
        Node left = product();
        while (peek().is("+") || peek().is("-")) {
            Token sign = tokens.get(next++);
            Token second = peek();
            Node right = product();
            left = new Node.Calculated(
                    sign.is("+") ? Arithmetic.PLUS : Arithmetic.MINUS, value(left, sign), value(right, second));
        }
        return left;
    }

    private Node product() {
        Node left = unary();
        while (peek().is("*") || peek().is("/") || peek().is("%")) {
            Token sign = tokens.get(next++);
            Token second = peek();
            Node right = unary();
            Arithmetic how = sign.is("*") ? Arithmetic.TIMES : sign.is("/") ? Arithmetic.OVER : Arithmetic.REMAINDER;
            left = new Node.Calculated(how, value(left, sign), value(right, second));
        }
        return left;
    }

    private Node value(Node node, Token at) {
        if (node.isCondition()) {
            throw error(at, "expected a number or a date to calculate with, received a condition");
        }
        return node;
    }

    private Node unary() {
        Token sign = peek();
        if (!take("-")) {
            return primary();
        }
        enter(sign);
        Node node = unary();
        depth--;
        return new Node.Calculated(Arithmetic.MINUS, new Node.Constant(Num.ZERO), value(node, sign));
    }

    private Node primary() {
        Token token = tokens.get(next);
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        switch (token.kind()) {
            case NUMBER -> {
                return new Node.Constant(number(token));
            }
            case TEXT -> {
                return new Node.Constant(new Value.Text(token.text(), true));
            }
            case QUOTED_NAME -> {
                return named(token);
            }
            case NAME -> {
                return word(token);
            }
            default -> {
                if (!token.is("(")) {
                    throw error(token, "expected a column, a number, a text in quotes or (, received " + token.shown());
                }
                enter(token);
                Node inner = or();
                expect(")");
                depth--;
                return inner;
            }
        }
    }

    private Num number(Token token) {
        Num number = Num.of(token.text());
        if (number == null || number.exact() == null) {
            throw error(token, "expected a number with an exponent of at most nine digits, received " + token.shown());
        }
        return number;
    }

    private Node word(Token token) {
        String word = token.text().toLowerCase(Locale.ROOT);
        if (peek().is("(") && !WORDS.contains(word) || word.equals("missing") && peek().is("(")) {
            return call(token, word);
        }
        if (word.equals("true") || word.equals("false")) {
            return new Node.Constant(new Value.Truth(word.equals("true")));
        }
        if (WORDS.contains(word)) {
            throw error(
                    token,
                    "expected a value, received the word " + token.text()
                            + "; a column of that name stands in backticks");
        }
        return named(token);
    }

    private Node named(Token token) {
        columns.putIfAbsent(token.text(), token.at());
        return new Node.Named(token.text());
    }

    private Node call(Token name, String function) {
        enter(name);
        expect("(");
        Token first = peek();
        List<Node> arguments = arguments(")");
        depth--;
        if (function.equals("missing")) {
            requireCount(name, "1 argument", arguments.size() == 1);
            return new Node.Absent(arguments.get(0));
        }
        if (function.equals("matches")) {
            requireCount(name, "a column and a regular expression in quotes", arguments.size() == 2);
            return matches(name, arguments);
        }
        Functions.Known known = Functions.KNOWN.get(function);
        if (known == null) {
            Set<String> names = new TreeSet<>(Functions.KNOWN.keySet());
            names.add("missing");
            names.add("matches");
            throw error(name, "there is no function " + name.text() + hint(name, names));
        }
        requireCount(name, known.arguments(), arguments.size() >= known.least() && arguments.size() <= known.most());
        arguments.forEach(node -> value(node, first));
        return new Node.Called(known.call(), arguments, known.condition());
    }

    private Node matches(Token name, List<Node> arguments) {
        if (!(arguments.get(1) instanceof Node.Constant constant && constant.value() instanceof Value.Text text)) {
            throw error(name, "expected a regular expression in quotes as the second argument of matches");
        }
        try {
            Pattern pattern = Pattern.compile(text.text());
            return new Node.Called(
                    values -> new Value.Truth(
                            pattern.matcher(Value.text(values.get(0))).matches()),
                    arguments,
                    true);
        } catch (PatternSyntaxException e) {
            throw error(name, "expected a regular expression, received '" + text.text() + "': " + e.getDescription());
        }
    }

    private void requireCount(Token name, String expected, boolean fits) {
        if (!fits) {
            throw error(name, "expected " + expected + " of " + name.text());
        }
    }

    private Node requireCondition(Node node, Token at, String where) {
        if (node.isCondition()) {
            return node;
        }
        String what = node instanceof Node.Named named
                ? "the column " + named.column() + "; compare it, as in " + named.column() + " = 'yes'"
                : "a value";
        throw error(at, "expected a condition: " + where + " " + what);
    }

    private void enter(Token at) {
        if (++depth > DEEPEST) {
            throw error(at, "expected at most " + DEEPEST + " brackets within each other");
        }
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean take(String word) {
        boolean is = peek().is(word);
        next += is ? 1 : 0;
        return is;
    }

    private void expect(String word) {
        if (!take(word)) {
            throw error(peek(), "expected " + word + ", received " + peek().shown());
        }
    }

    private static String hint(Token token, Set<String> known) {
        @Nullable String word = token.kind() == Token.Kind.NAME ? token.text() : null;
        return word == null ? "" : Nearest.hint(word, known);
    }

    private InputException error(Token at, String what) {
        return Token.error(expression, at.at(), what);
    }
}
