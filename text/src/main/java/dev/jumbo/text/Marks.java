package dev.jumbo.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.bpe.Ids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a model expects around a text, and around and between two: BERT's {@code [CLS] A [SEP] B [SEP]}. As the {@code post_processor} of a {@code
 * tokenizer.json} says.
 */
public final class Marks {
    private static final Marks NONE = new Marks(List.of(Part.text(0, 0)), List.of(Part.text(0, 0), Part.text(1, 0)));

    /** A text (of number {@code text}), or the ids of a mark (where {@code text} is negative). */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Part(int text, int type, int[] ids) {
        static Part text(int text, int type) {
            return new Part(text, type, new int[0]);
        }

        static Part mark(int id, int type) {
            return new Part(Encoding.MARK, type, new int[] {id});
        }
    }

    private final List<Part> single;
    private final List<Part> pair;

    private Marks(List<Part> single, List<Part> pair) {
        this.single = List.copyOf(single);
        this.pair = List.copyOf(pair);
    }

    /** No marks. */
    public static Marks none() {
        return NONE;
    }

    /** One before each text or behind it; -1 for none. */
    public static Marks of(int before, int behind) {
        List<Part> single = new ArrayList<>();
        List<Part> pair = new ArrayList<>();
        for (int text = 0; text < 2; text++) {
            for (List<Part> into : text == 0 ? List.of(single, pair) : List.of(pair)) {
                if (before >= 0) {
                    into.add(Part.mark(before, 0));
                }
                into.add(Part.text(text, 0));
                if (behind >= 0) {
                    into.add(Part.mark(behind, 0));
                }
            }
        }
        return new Marks(single, pair);
    }

    /** Of a {@code post_processor} of the file of a name; none where there is none. */
    static Marks of(JsonNode processor, String name) {
        switch (processor.path("type").asText()) {
            case "", "ByteLevel" -> {
                return NONE;
            }
            case "Sequence" -> {
                Marks found = NONE;
                for (JsonNode each : processor.path("processors")) {
                    Marks marks = of(each, name);
                    found = marks == NONE ? found : marks;
                }
                return found;
            }
            case "BertProcessing" -> {
                int cls = id(processor.path("cls").path(1), name);
                int sep = id(processor.path("sep").path(1), name);
                List<Part> single = List.of(Part.mark(cls, 0), Part.text(0, 0), Part.mark(sep, 0));
                List<Part> pair = new ArrayList<>(single);
                pair.addAll(List.of(Part.text(1, 1), Part.mark(sep, 1)));
                return new Marks(single, pair);
            }
            case "RobertaProcessing" -> {
                int cls = id(processor.path("cls").path(1), name);
                int sep = id(processor.path("sep").path(1), name);
                List<Part> single = List.of(Part.mark(cls, 0), Part.text(0, 0), Part.mark(sep, 0));
                List<Part> pair = new ArrayList<>(single);
                pair.addAll(List.of(Part.mark(sep, 0), Part.text(1, 0), Part.mark(sep, 0)));
                return new Marks(single, pair);
            }
            case "TemplateProcessing" -> {
                return new Marks(
                        parts(processor.path("single"), false, processor, name),
                        parts(processor.path("pair"), true, processor, name));
            }
            default ->
                throw new InputException("the tokenizer " + name + ": unknown post_processor \""
                        + processor.path("type").asText() + "\"");
        }
    }

    private static List<Part> parts(JsonNode template, boolean two, JsonNode processor, String name) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : template) {
            JsonNode text = part.path("Sequence");
            if (text.isObject()) {
                parts.add(Part.text(
                        text.path("id").asText().equals("B") ? 1 : 0,
                        text.path("type_id").asInt()));
                continue;
            }
            JsonNode mark = part.path("SpecialToken");
            JsonNode ids = processor
                    .path("special_tokens")
                    .path(mark.path("id").asText())
                    .path("ids");
            if (ids.isEmpty()) {
                throw new InputException("the tokenizer " + name + ": post_processor: expected the ids of the token \""
                        + mark.path("id").asText() + "\" in special_tokens");
            }
            int[] all = new int[ids.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = id(ids.get(i), name);
            }
            parts.add(new Part(Encoding.MARK, mark.path("type_id").asInt(), all));
        }
        long first = parts.stream().filter(part -> part.text() == 0).count();
        long second = parts.stream().filter(part -> part.text() == 1).count();
        if (first != 1 || second != (two ? 1 : 0)) {
            throw new InputException("the tokenizer " + name + ": post_processor: expected "
                    + (two ? "the texts A and B once each for a pair" : "the text A once for a single text"));
        }
        return parts;
    }

    private static int id(JsonNode id, String name) {
        if (!id.isInt() || id.intValue() < 0) {
            throw new InputException(
                    "the tokenizer " + name + ": post_processor: expected the id of a token, received " + id);
        }
        return id.intValue();
    }

    /** The largest id of them; -1 where there are none. */
    int largest() {
        return Stream.of(single, pair)
                .flatMap(List::stream)
                .flatMapToInt(part -> Arrays.stream(part.ids()))
                .max()
                .orElse(-1);
    }

    /** How many stand around one text, or two. */
    public int count(boolean two) {
        return (two ? pair : single)
                .stream().mapToInt(part -> part.ids().length).sum();
    }

    /** The marks before a text. */
    public int[] before() {
        Ids ids = new Ids(2);
        for (Part part : single) {
            if (part.text() >= 0) {
                break;
            }
            for (int id : part.ids()) {
                ids.add(id);
            }
        }
        return ids.toArray();
    }

    /** The ids of a text with its marks. */
    public int[] around(int[] text) {
        Ids ids = new Ids(text.length + 4);
        for (Part part : single) {
            for (int id : part.text() < 0 ? part.ids() : text) {
                ids.add(id);
            }
        }
        return ids.toArray();
    }

    Encoding around(Encoding first, @Nullable Encoding second) {
        List<Part> parts = second == null ? single : pair;
        int length = first.length() + (second == null ? 0 : second.length()) + count(second != null);
        Encoding made =
                new Encoding(new int[length], new int[length], new int[length], new int[length], new int[length]);
        int at = 0;
        for (Part part : parts) {
            Encoding from = part.text() == 1 && second != null ? second : first;
            int count = part.text() < 0 ? part.ids().length : from.length();
            System.arraycopy(part.text() < 0 ? part.ids() : from.ids(), 0, made.ids(), at, count);
            Arrays.fill(made.types(), at, at + count, part.type());
            Arrays.fill(made.texts(), at, at + count, part.text());
            if (part.text() >= 0) {
                System.arraycopy(from.starts(), 0, made.starts(), at, count);
                System.arraycopy(from.ends(), 0, made.ends(), at, count);
            }
            at += count;
        }
        return made;
    }
}
