package dev.jumbo.serve.v2;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.multipart.AggregatedBodyPart;
import com.linecorp.armeria.common.multipart.MimeParsingException;
import com.linecorp.armeria.common.multipart.Multipart;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The files of a {@code multipart/form-data} body, in their order, whatever their fields are called. */
final class FormFiles {
    /** More pictures than a body has room for. */
    private static final int MAX = 1024;

    private FormFiles() {}

    /** @return fails with an {@link InputException} if the body is no such form, or has no file */
    static CompletableFuture<List<byte[]>> of(AggregatedHttpRequest request) {
        return Multipart.from(request.toHttpRequest()).aggregate().handle((form, error) -> {
            if (error != null) {
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

    private static RuntimeException refused(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof MimeParsingException
                || cause instanceof IllegalStateException
                || cause instanceof IllegalArgumentException) {
            return new InputException(
                    "expected a multipart/form-data body with a boundary and a file in each part", cause);
        }
        return new CompletionException(cause);
    }
}
