package dev.jumbo.models;

import java.util.List;

/** The models that a configuration may name. */
public final class Models {
    private Models() {}

    public static List<Class<? extends NamedModel>> kinds() {
        return List.of(ArticleCnn.class, Resnet50.class, VitB16.class, Gpt2.class, Llama3.class);
    }
}
