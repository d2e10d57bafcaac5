package dev.jumbo.data.transform;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Transform;
import dev.jumbo.data.View;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dataset of raw values with the transforms that it needs before a network sees it. Training fits them on its split:
 *
 * <pre>{@code
 * RawDataset.of(reviews, Map.of("review", Tokenize.words(20_000)))
 * }</pre>
 */
public final class RawDataset extends View {
    private final Map<String, Transform> transforms;

    private RawDataset(Dataset dataset, Map<String, Transform> transforms) {
        super(dataset);
        this.transforms = Collections.unmodifiableMap(new LinkedHashMap<>(transforms));
    }

    /**
     * @param transforms by the name that each stands under, that of its input or of what it makes of several; fitted or not
     * @throws dev.jumbo.error.InputException if a transform does not read its input
     */
    public static RawDataset of(Dataset dataset, Map<String, Transform> transforms) {
        OpenTransforms.outputs(dataset.inputs(), transforms);
        return new RawDataset(dataset, transforms);
    }

    @Override
    public Map<String, Transform> transforms() {
        return transforms;
    }
}
