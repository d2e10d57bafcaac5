package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.plan.machine.Bf16;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jumbo doctor}: what this machine offers, and whether tensors and training work on it. */
@Command(name = "doctor", description = "Show versions, cores, BLAS and memory, and test computing and training.")
final class Doctor extends Verb {
    /** What the launcher sets; without it training spends a third of its time faulting memory in. */
    private static final Map<String, String> ALLOCATOR = Map.of(
            "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1",
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", "20000000000");

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();

    @Override
    void run() {
        versions();
        machine();
        settings();
        say("self-test, about ten seconds ...");
        SelfTest.matrixProducts(report);
        report.put("precision_auto", Bf16.here().toString());
        SelfTest.training(report);
        if (json) {
            print(report);
        } else {
            report.fields()
                    .forEachRemaining(e -> out().println(String.format(
                            Locale.ROOT, "%-22s %s", e.getKey(), e.getValue().asText())));
        }
        SelfTest.requireLearned(report);
    }

    private void versions() {
        report.put("jumbo", Version.number());
        report.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        report.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.put("libtorch", setting("TORCH_VERSION"));
        report.put("blas", setting("BLAS_INFO") + " (OpenBLAS, on one thread)");
        report.put("onednn", line("MKL-DNN").replaceAll("^.*MKL-DNN (v[0-9.]+).*$", "$1"));
    }

    private static String setting(String name) {
        return line(name + "=").replaceAll("^.*\\b" + name + "=([^,\\s]+).*$", "$1");
    }

    private static String line(String word) {
        return Torch.buildInformation()
                .lines()
                .filter(l -> l.contains(word))
                .findFirst()
                .orElse("not there")
                .strip();
    }

    private void machine() {
        report.put("cores", Runtime.getRuntime().availableProcessors());
        report.put("threads", Torch.threads());
        report.put("instructions", Torch.cpuCapability());
        report.put("cuda_devices", Device.cudaDevices());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            report.put("memory", gigabytes(system.getTotalMemorySize()));
            report.put("memory_free", gigabytes(system.getFreeMemorySize()));
        }
        report.put("java_heap_max", gigabytes(Runtime.getRuntime().maxMemory()));
        report.put("memory_resident", gigabytes(NativeMemory.residentBytes()));
    }

    private void settings() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        boolean tuned =
                ALLOCATOR.entrySet().stream().allMatch(e -> Objects.equals(System.getenv(e.getKey()), e.getValue()));
        report.put("allocator", !linux ? "the system's" : tuned ? "tuned" : "as started: use ./jumbo, which tunes it");
        String spins = System.getenv("GOMP_SPINCOUNT");
        report.put(
                "openmp_spins",
                spins == null ? "as started: use ./jumbo, which keeps threads from fighting other processes" : spins);
        String core = System.getenv("OPENBLAS_CORETYPE");
        report.put("openblas_coretype", core == null ? "not set (right)" : core + ": unset it, it may halve the speed");
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
