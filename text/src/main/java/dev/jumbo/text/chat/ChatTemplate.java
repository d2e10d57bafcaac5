package dev.jumbo.text.chat;

import dev.jumbo.error.InputException;
import dev.jumbo.text.jinja.JinjaTemplate;
import dev.jumbo.text.jinja.Rendered;
import dev.jumbo.text.jinja.TextSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes conversations as a model reads them: transformers' {@code apply_chat_template}. Any number of threads may use it.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.of(ChatTemplates.CHATML, "", "<|im_end|>");
 * String prompt = template.prompt(Chat.of(List.of(Chat.message("user", "Hello"))));
 * }</pre>
 */
public final class ChatTemplate {
    private static final Pattern TAKES_TEXTS = Pattern.compile("arguments\\s+is\\s+(?:not\\s+)?(?:string|mapping)");

    private final JinjaTemplate template;
    private final String text;
    private final Map<String, Object> tokens;
    /** Whether it looks itself at whether the arguments of calls are a text. */
    private final boolean takesTexts;

    private ChatTemplate(String text, Map<String, Object> tokens) {
        this.template = JinjaTemplate.parse(text);
        this.text = text;
        this.tokens = tokens;
        takesTexts = TAKES_TEXTS.matcher(text).find();
    }

    /**
     * A template.
     *
     * @param text in Jinja
     * @param bosToken what it is given as {@code bos_token}
     * @param eosToken what it is given as {@code eos_token}
     * @throws InputException if it is no template, with the line
     */
    public static ChatTemplate of(String text, String bosToken, String eosToken) {
        return new ChatTemplate(text, Map.of("bos_token", bosToken, "eos_token", eosToken));
    }

    /** The text of the template. */
    public String text() {
        return text;
    }

    /** What it is given as {@code bos_token} and {@code eos_token}, where that is a text. */
    public List<String> marks() {
        return tokens.values().stream()
                .map(String::valueOf)
                .filter(mark -> !mark.isEmpty())
                .toList();
    }

    /**
     * What ends an answer: the text that is written behind one, such as {@code <|im_end|>}. Empty where the template does not say.
     *
     * @param learned whether a model learned it: a blank end, such as a line's, ends an answer then; for others what the next question begins with is
     *     part of it ({@code User:} in a new line)
     */
    public String answerEnd(boolean learned) {
        String question = "@question@";
        String answer = "@answer@";
        List<Map<String, Object>> messages = List.of(Chat.message("user", question), Chat.message("assistant", answer));
        try {
            String end = behind(text(Chat.of(messages)), answer);
            if (learned || !end.isBlank()) {
                return end.isBlank() ? end : end.strip();
            }
            List<Map<String, Object>> more = new ArrayList<>(messages);
            more.add(Chat.message("user", question));
            String next = behind(text(Chat.of(more)), answer);
            return next.substring(0, Math.max(0, next.indexOf(question))).stripTrailing();
        } catch (InputException e) {
            return ""; // One that refuses such a conversation.
        }
    }

    private static String behind(String text, String part) {
        int at = text.lastIndexOf(part);
        return at < 0 ? "" : text.substring(at + part.length());
    }

    /** The conversation, and behind it what an answer begins with. @throws InputException if the template refuses it */
    public String prompt(Chat chat) {
        return render(chat, true).text();
    }

    /** The conversation alone. @throws InputException if the template refuses it */
    public String text(Chat chat) {
        return render(chat, false).text();
    }

    private Rendered render(Chat chat, boolean prompt) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("tools", null);
        values.put("documents", null);
        values.putAll(tokens);
        values.putAll(chat.more());
        List<Map<String, Object>> messages = takesTexts ? chat.messages() : ToolCalls.parsed(chat.messages());
        values.put("messages", messages);
        values.put("add_generation_prompt", prompt);
        return template.render(values, messages);
    }

    /**
     * A conversation and what of it the assistant said.
     *
     * @param answers parts of the text: each begins behind what the template writes before an answer and ends with what ends it
     */
    public record Answered(String text, List<TextSpan> answers) {
        public Answered {
            answers = List.copyOf(answers);
        }
    }

    /**
     * The conversation with the parts that are to be learned: what {@code {% generation %}} blocks wrote, if the template has any; otherwise what
     * the template wrote while it was at a message of the assistant, without the words before an answer that a prompt has already ({@code
     * <|im_start|>assistant}), and with what ends it ({@code <|im_end|>}).
     *
     * @throws InputException if the template does not say, as one that writes nothing inside of a loop over the messages
     */
    public Answered answered(Chat chat) {
        Rendered rendered = render(chat, false);
        if (!rendered.generated().isEmpty()) {
            return new Answered(rendered.text(), rendered.generated());
        }
        String before = beforeAnswer(chat, rendered.text());
        List<TextSpan> answers = new ArrayList<>();
        for (TextSpan span : rendered.spans()) {
            Map<String, Object> message = chat.messages().get(span.index());
            if ("assistant".equals(message.get("role"))) {
                TextSpan answer = answer(rendered.text(), span, before, message.get("content"));
                if (answer.from() < answer.to()) {
                    answers.add(answer);
                }
            }
        }
        if (answers.isEmpty() && chat.hasAnswer()) {
            throw new InputException("the template does not show which part of its text is the assistant's: write the"
                    + " messages inside of a loop over them, or put {% generation %} and {% endgeneration %} around what is"
                    + " to be learned");
        }
        return new Answered(rendered.text(), answers);
    }

    /** What a prompt has behind the conversation. */
    private String beforeAnswer(Chat chat, String whole) {
        try {
            String prompt = render(chat, true).text();
            return prompt.startsWith(whole) ? prompt.substring(whole.length()) : "";
        } catch (InputException e) {
            return ""; // One that refuses a prompt behind an answer.
        }
    }

    private static TextSpan answer(String text, TextSpan span, String before, @Nullable Object content) {
        int from = span.from();
        int same = 0;
        while (same < before.length() && from + same < span.to() && text.charAt(from + same) == before.charAt(same)) {
            same++;
        }
        from += same;
        int to = span.to();
        String said = content instanceof String all ? all.strip() : "";
        int end = said.isEmpty() ? -1 : text.lastIndexOf(said, to - said.length());
        int behind = end < from ? from : end + said.length();
        // A line end behind <|im_end|> is not what ends an answer; one alone may be.
        if (!text.substring(behind, to).isBlank()) {
            while (to > behind && Character.isWhitespace(text.charAt(to - 1))) {
                to--;
            }
        }
        return new TextSpan(span.index(), from, to);
    }
}
