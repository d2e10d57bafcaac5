package dev.jumbo.config.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a JSON text, where, and what to do, for people who do not know which parser reads it: {@code NaN is no
 * number of JSON: write null where a value is missing, at line 1, column 9}.
 */
public final class JsonProblem {
    private static final int SHOWN = 40;

    /** A message of the parser, and what is said instead; {@code $1} is its first group. */
    private record Rule(Pattern pattern, String words) {
        static Rule of(String pattern, String words) {
            return new Rule(Pattern.compile(pattern, Pattern.DOTALL), words);
        }
    }

    private static final String TEXT_QUOTES = ": texts and keys stand in double quotes";

    /** The first that fits is taken. */
    private static final List<Rule> RULES = List.of(
            Rule.of("nesting depth \\((\\d+)\\).*allowed \\((\\d+)", "lists and objects may be nested $2 deep at most"),
            Rule.of("Number value length.*allowed \\((\\d+)", "a number may have $1 characters at most"),
            Rule.of("(?:String value|Name) .*length.*allowed \\((\\d+)", "a text may have $1 characters at most"),
            Rule.of("Name length.*allowed \\((\\d+)", "a key may have $1 characters at most"),
            Rule.of("ocument length.*allowed \\((\\d+)", "the JSON may have $1 characters at most"),
            Rule.of("scale.*magnitude|BigDecimal|BigInteger", "a number has too large an exponent, or too many digits"),
            Rule.of("Duplicate field '(.*)'", "the key \"$1\" is given twice: leave one out"),
            Rule.of(
                    "^(?:Unrecognized|Non-standard) token '([+-]?(?:NaN|Inf(?:inity|inite)?|INF|nan|inf(?:inity)?))'",
                    "$1 is no number of JSON: write null where a value is missing"),
            Rule.of(
                    "^(?:Unrecognized|Non-standard) token '(None|True|False|undefined|NULL|Null)'",
                    "$1 is no word of JSON: it has null, true and false"),
            Rule.of("^(?:Unrecognized|Non-standard) token '(.*?)'", "received $1" + TEXT_QUOTES),
            Rule.of(
                    "Unexpected end-of-input|end-of-input|end-of-String",
                    "it ends too early: a bracket or quote is not closed"),
            Rule.of("Unexpected close marker '(.)': expected '(.)'", "received $1, but $2 was open: close it first"),
            Rule.of("colon to separate", "expected a colon between key and value"),
            Rule.of("comma to separate", "expected a comma or the closing bracket between values"),
            Rule.of("[Cc]haracter \\('(/)'", "received $1, and JSON has no comments"),
            Rule.of("start field name|field name", "expected a key in double quotes"),
            Rule.of(
                    "[Cc]haracter \\('(.)' \\(code 39.*expected a valid value|[Cc]haracter \\('(')'",
                    "received a single quote" + TEXT_QUOTES),
            Rule.of("[Ll]eading zero", "a number may not begin with 0 and more digits"),
            Rule.of("[Pp]lus sign|[Cc]haracter \\('\\+'", "a number may not begin with a plus sign"),
            Rule.of("[Dd]ecimal point|[Cc]haracter \\('\\.'", "a number needs digits before and after its point"),
            Rule.of(
                    "[Nn]umeric value: |in numeric value|not a valid number",
                    "expected a number, which is written like -1.5e3"),
            Rule.of("[Nn]umeric value \\((.*?)\\) out of range", "the number $1 is too large here"),
            Rule.of("out of range", "a number is too large here"),
            Rule.of(
                    "CTRL-CHAR.*string value|has to be escaped",
                    "a text holds a line end or control character: write \\n or \\u000a"),
            Rule.of("escape|hex-digit", "a backslash begins an escape that is none: write \\\\ for a backslash"),
            Rule.of("UTF-8|UTF-16|UTF-32|surrogate", "some bytes are not UTF-8: send the text in UTF-8"),
            Rule.of("[Cc]haracter \\(\\(?'?(.)'? ?\\(code", "did not expect $1 there"),
            Rule.of("CTRL-CHAR", "received a control character, which is no text"));

    private JsonProblem() {}

    /** As a clause without a full stop, with the place at its end if it is known. */
    public static String of(IOException e) {
        JsonLocation location = e instanceof JsonProcessingException json ? json.getLocation() : null;
        return words(e) + place(location);
    }

    private static String words(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        if (e instanceof CharConversionException) {
            return "some bytes are not UTF-8: send the text in UTF-8";
        }
        if (e instanceof JsonEOFException) {
            return "it ends too early: a bracket or quote is not closed";
        }
        if (message != null) {
            for (Rule rule : RULES) {
                Matcher matcher = rule.pattern().matcher(message);
                if (matcher.find()) {
                    return filled(rule.words(), matcher);
                }
            }
        }
        return e instanceof StreamConstraintsException ? "it is larger than is read" : "this is not JSON";
    }

    private static String filled(String words, Matcher matcher) {
        String said = words;
        for (int group = 1; group <= matcher.groupCount(); group++) {
            String value = matcher.group(group) == null ? "" : matcher.group(group);
            String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "...";
            said = said.replace("$" + group, shown.replaceAll("\\p{Cntrl}", "?"));
        }
        return said;
    }

    private static String place(@Nullable JsonLocation location) {
        if (location == null || location.getLineNr() < 1) {
            return "";
        }
        return ", at line " + location.getLineNr() + ", column " + Math.max(1, location.getColumnNr());
    }
}
