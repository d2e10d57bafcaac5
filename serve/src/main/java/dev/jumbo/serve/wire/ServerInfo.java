package dev.jumbo.serve.wire;

import java.util.List;
import java.util.Objects;

/** What the server says of itself, by whatever protocol. */
public final class ServerInfo {
    public static final String NAME = "jumbo";

    /** Extensions of the protocol; each has tests with a client that is not ours. */
    public static final List<String> EXTENSIONS = List.of(
            "binary_tensor_data",
            "classification",
            "model_configuration",
            "model_repository",
            "model_repository(unload_dependents)",
            "parameters",
            "schedule_policy",
            "statistics");

    private ServerInfo() {}

    /** The version of the jar, or {@code development} where there is none. */
    public static String version() {
        return Objects.requireNonNullElse(ServerInfo.class.getPackage().getImplementationVersion(), "development");
    }
}
