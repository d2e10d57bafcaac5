package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.text.jinja.JinjaTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a task file says what of a document a prompt, its answer or its choices are: the name of a column, a template, or a value. What comes out is
 * a {@code String}, a {@code Long} (the place of a choice) or a {@code List}.
 */
final class DocField {
    private final String key;
    private final @Nullable String column;
    private final @Nullable JinjaTemplate template;
    private final @Nullable Object constant;

    private DocField(String key, @Nullable String column, @Nullable JinjaTemplate template, @Nullable Object constant) {
        this.key = key;
        this.column = column;
        this.template = template;
        this.constant = constant;
    }

    /** @throws InputException if it is none of a text, a whole number, a list of texts and a mapping to texts */
    static DocField of(String key, JsonNode said) {
        if (said.isTextual()) {
            return new DocField(key, said.textValue(), templateOf(key, said.textValue()), null);
        }
        if (said.isIntegralNumber()) {
            return new DocField(key, null, null, said.longValue());
        }
        List<Object> values = new ArrayList<>();
        for (JsonNode value : said) {
            if (!value.isTextual()) {
                throw new InputException(key + ": expected texts in the list, received " + Shown.begin(value)
                        + "; put quotation marks around it");
            }
            values.add(value.textValue());
        }
        if (!said.isContainerNode() || values.isEmpty()) {
            throw new InputException(
                    key + ": expected a column, a template, a whole number or a list of texts, received "
                            + Shown.begin(said));
        }
        return new DocField(key, null, null, List.copyOf(values));
    }

    private static JinjaTemplate templateOf(String key, String text) {
        try {
            return JinjaTemplate.strict(text);
        } catch (InputException e) {
            throw new InputException(key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Its value of a document.
     *
     * @param columns that documents have
     * @param reads what a text is taken for
     */
    Object of(Document document, Set<String> columns, Reads reads) {
        if (constant != null) {
            return constant;
        }
        if (column != null && columns.contains(column)) {
            Object value = document.values().get(column);
            if (value == null) {
                throw document.wrong(key + ": expected a value of \"" + column + "\", found none");
            }
            return value;
        }
        String text = render(document.values(), document);
        boolean list = text.length() >= 2 && text.startsWith("[") && text.endsWith("]");
        if (reads.number() && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return PythonLiteral.of(text).orElse(text);
        }
        return list && reads.list() ? PythonLiteral.of(text).orElse(text) : text;
    }

    private String render(Map<String, Object> values, Document document) {
        try {
            return Objects.requireNonNull(template).render(values);
        } catch (InputException e) {
            throw document.wrong(key + ": " + e.getMessage());
        }
    }

    /** What a rendered text may be taken for: the place of a choice, a list. */
    record Reads(boolean number, boolean list) {}

    /** As {@link #of}, of choices. @throws InputException if they are no list of texts */
    List<String> choices(Document document, Set<String> columns) {
        Object value = of(document, columns, new Reads(false, true));
        if (value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw document.wrong(key + ": expected a list of texts, received " + Shown.begin(value));
    }
}
