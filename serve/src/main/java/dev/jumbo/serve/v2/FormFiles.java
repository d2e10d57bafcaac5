package dev.jumbo.serve.v2;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.multipart.AggregatedBodyPart;
import com.linecorp.armeria.common.multipart.Multipart;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The files of a {@code multipart/form-data} body, in their order, whatever their fields are called. */
final class FormFiles {
    /** More pictures than a body has room for. */
    private static final int MAX = 1024;

    private FormFiles() {}

    /** @return fails with an {@link InputException} if the body is no such form, or has no file */
    static CompletableFuture<List<byte[]>> of(AggregatedHttpRequest request) {
        Multipart multipart;
        try {
            multipart = Multipart.from(request.toHttpRequest());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(e);
        }
        return multipart.aggregate().handle((form, error) -> {
            if (error != null) {
                // The body is in memory: nothing but its form can be wrong.
                throw refused(error);
            }
            List<byte[]> files = form.bodyParts().stream()
                    .map(AggregatedBodyPart::content)
                    .map(content -> content.array())
                    .toList();
            if (files.isEmpty() || files.size() > MAX) {
                throw new InputException("expected 1 to " + MAX + " files in the form, received " + files.size());
            }
            return files;
        });
    }

    private static InputException refused(Throwable cause) {
        return new InputException(
                "expected a multipart/form-data body with a boundary, and a file in each of its parts", cause);
    }
}
