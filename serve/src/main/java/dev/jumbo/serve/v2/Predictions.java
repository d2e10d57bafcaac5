package dev.jumbo.serve.v2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.jumbo.serve.http.Responses;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.train.answer.AnswerJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers to {@code predict} as JSON: one object, or a list of them where several were asked for. */
final class Predictions {
    private Predictions() {}

    static HttpResponse write(ServedModel.Said said) {
        List<ObjectNode> answers =
                said.answers().rows().stream().map(AnswerJson::of).toList();
        JsonNode body = said.list() ? JsonNodeFactory.instance.arrayNode().addAll(answers) : answers.get(0);
        return Responses.json(HttpStatus.OK, body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
