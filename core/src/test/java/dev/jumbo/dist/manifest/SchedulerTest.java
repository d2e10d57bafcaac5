package dev.jumbo.dist.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class SchedulerTest {
    private static final String CONFIGURATION = "train:\n  epochs: 3\n  name: \"a # b\"\n";

    private static ClusterJob job(int workers, @Nullable String image) {
        return new ClusterJob(
                "digits",
                workers,
                CONFIGURATION,
                List.of("jumbo"),
                List.of("digits.yaml", "--set", "train.seed=it's"),
                "/runs/digits",
                new Resources(4, "8Gi", 1),
                Pod.of(image, "runs-claim", "/runs"),
                new SlurmSettings("1:00:00", null, 1),
                3,
                Map.of("GLOO_SOCKET_IFNAME", "eth0"));
    }

    /** As another reader of YAML sees it. */
    private static List<JsonNode> documents(String text) {
        List<JsonNode> documents = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(text)
                .forEach(each -> documents.add(json.valueToTree(each)));
        return documents;
    }

    private static List<String> variables(JsonNode container) {
        List<String> variables = new ArrayList<>();
        container.at("/env").forEach(each -> {
            assertThat(each.get("value").isTextual())
                    .as("Kubernetes takes text alone")
                    .isTrue();
            variables.add(each.get("name").asText() + "=" + each.get("value").asText());
        });
        return variables;
    }

    private static void checkPod(JsonNode pod, String configMap) {
        JsonNode container = pod.at("/containers/0");
        assertThat(container.at("/image").asText()).isEqualTo("registry/jumbo:1");
        assertThat(container.at("/command").toString())
                .isEqualTo("[\"jumbo\",\"train\",\"/etc/jumbo/run.yaml\",\"--out\",\"/runs/digits\",\"--resume\"]");
        assertThat(container.at("/resources/limits").toString())
                .isEqualTo("{\"cpu\":4,\"memory\":\"8Gi\",\"nvidia.com/gpu\":1}");
        assertThat(variables(container)).contains("GLOO_SOCKET_IFNAME=eth0", "OMP_NUM_THREADS=4");
        // Every mount has its volume.
        assertThat(container.at("/volumeMounts").findValuesAsText("name"))
                .containsExactly("configuration", "runs", "shared-memory");
        assertThat(pod.at("/volumes/0/configMap/name").asText()).isEqualTo(configMap);
        assertThat(pod.at("/volumes/1/persistentVolumeClaim/claimName").asText())
                .isEqualTo("runs-claim");
    }

    @Test
    void a_pytorchjob_has_one_master_and_the_other_workers() {
        List<JsonNode> documents = documents(Scheduler.PYTORCHJOB.render(job(3, "registry/jumbo:1")));

        assertThat(documents.get(0).at("/kind").asText()).isEqualTo("ConfigMap");
        assertThat(documents.get(0).at("/data/run.yaml").asText()).isEqualTo(CONFIGURATION);
        JsonNode job = documents.get(1);
        assertThat(job.at("/apiVersion").asText()).isEqualTo("kubeflow.org/v1");
        assertThat(job.at("/kind").asText()).isEqualTo("PyTorchJob");
        assertThat(job.at("/spec/runPolicy/backoffLimit").asInt())
                // Three times, three pods start again, and the operator gives up at the limit itself.
                .isEqualTo(10);
        JsonNode replicas = job.at("/spec/pytorchReplicaSpecs");
        assertThat(replicas.at("/Master/replicas").asInt()).isEqualTo(1);
        assertThat(replicas.at("/Worker/replicas").asInt()).isEqualTo(2);
        for (JsonNode replica : replicas) {
            assertThat(replica.at("/restartPolicy").asText()).isEqualTo("OnFailure");
            assertThat(replica.at("/template/spec/containers/0/name").asText())
                    .as("the operator looks for this name")
                    .isEqualTo("pytorch");
            checkPod(replica.at("/template/spec"), "digits-run");
        }
        assertThat(documents(Scheduler.PYTORCHJOB.render(job(1, "i"))).get(1).at("/spec/pytorchReplicaSpecs"))
                .hasSize(1);
    }

    @Test
    void a_jobset_gives_every_pod_its_index_and_the_name_of_the_first() {
        List<JsonNode> documents = documents(Scheduler.JOBSET.render(job(3, "registry/jumbo:1")));

        JsonNode set = documents.get(1);
        assertThat(set.at("/apiVersion").asText()).isEqualTo("jobset.x-k8s.io/v1alpha2");
        assertThat(set.at("/kind").asText()).isEqualTo("JobSet");
        assertThat(set.at("/spec/network/enableDNSHostnames").asBoolean()).isTrue();
        assertThat(set.at("/spec/failurePolicy/maxRestarts").asInt()).isEqualTo(3);
        JsonNode replicated = set.at("/spec/replicatedJobs/0");
        assertThat(replicated.at("/name").asText()).isEqualTo("worker");
        JsonNode job = replicated.at("/template/spec");
        assertThat(job.at("/completionMode").asText()).isEqualTo("Indexed");
        assertThat(job.at("/parallelism").asInt()).isEqualTo(3);
        assertThat(job.at("/completions").asInt()).isEqualTo(3);
        JsonNode pod = job.at("/template/spec");
        // A policy for failures of pods is only allowed with this one.
        assertThat(pod.at("/restartPolicy").asText()).isEqualTo("Never");
        assertThat(job.at("/podFailurePolicy/rules/0/onExitCodes/containerName").asText())
                .isEqualTo(pod.at("/containers/0/name").asText());
        assertThat(variables(pod.at("/containers/0")))
                .contains("MASTER_ADDR=digits-worker-0-0.digits", "MASTER_PORT=29500", "WORLD_SIZE=3");
        checkPod(pod, "digits-run");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_batch_script_starts_all_workers_again_until_they_are_done(@TempDir Path directory) throws Exception {
        assertThat(run(directory, "3 1 0")).isZero();
        assertThat(Files.readAllLines(directory.resolve("calls")))
                .hasSize(3)
                .allMatch(("--wait=600 jumbo train digits.yaml --set train.seed=it's --out /runs/digits"
                        + " --resume, 4 threads, eth0")::equals);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_batch_script_ends_with_a_mistake_at_once_and_with_losses_at_last(@TempDir Path directory) throws Exception {
        assertThat(run(directory, "2 0")).isEqualTo(2);
        assertThat(Files.readAllLines(directory.resolve("calls"))).hasSize(1);
        Files.delete(directory.resolve("calls"));

        assertThat(run(directory, "3 3 3 3 0")).isEqualTo(3);
        assertThat(Files.readAllLines(directory.resolve("calls"))).hasSize(4);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_batch_script_whose_workers_were_told_to_end_goes_back_into_the_queue(@TempDir Path directory)
            throws Exception {
        assertThat(run(directory, "3 143 0")).isEqualTo(143);
        assertThat(Files.readAllLines(directory.resolve("calls"))).hasSize(2);
        assertThat(Files.readString(directory.resolve("log"))).contains("asked: requeue 77");
        assertThat(Scheduler.SBATCH.render(job(2, null)))
                .contains("#SBATCH --signal=TERM@90\n", "#SBATCH --requeue\n", "#SBATCH --open-mode=append\n");
    }

    @Test
    void a_jobset_spends_no_restart_on_a_disruption_and_none_at_all_on_a_mistake() {
        JsonNode set =
                documents(Scheduler.JOBSET.render(job(3, "registry/jumbo:1"))).get(1);
        JsonNode rules = set.at("/spec/replicatedJobs/0/template/spec/podFailurePolicy/rules");
        assertThat(rules.at("/0/onExitCodes/values/0").asInt()).isEqualTo(2);
        assertThat(rules.at("/1/onPodConditions/0/type").asText()).isEqualTo("DisruptionTarget");
        assertThat(rules.at("/2/onExitCodes/values/0").asInt()).isEqualTo(143);
        // The messages of a Job's controller, as Kubernetes writes them.
        assertThat(actions(
                        set,
                        "Container worker for pod ns/digits-worker-0-1 failed with exit code 2 matching FailJob"
                                + " rule at index 0"))
                .containsExactly("FailJobSet");
        assertThat(actions(
                        set,
                        "Pod ns/digits-worker-0-1 has condition DisruptionTarget matching FailJob rule at index 1"))
                .containsExactly("RestartJobSetAndIgnoreMaxRestarts");
        assertThat(actions(
                        set,
                        "Container worker for pod ns/digits-worker-0-0 failed with exit code 143 matching FailJob"
                                + " rule at index 2"))
                .containsExactly("RestartJobSetAndIgnoreMaxRestarts");
        assertThat(set.at("/spec/replicatedJobs/0/template/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(90);
    }

    private static List<String> actions(JsonNode set, String message) {
        List<String> actions = new ArrayList<>();
        for (JsonNode rule : set.at("/spec/failurePolicy/rules")) {
            if (Pattern.compile(rule.at("/onJobFailureMessagePatterns/0").asText())
                    .matcher(message)
                    .find()) {
                actions.add(rule.at("/action").asText());
            }
        }
        return actions;
    }

    /** Runs the script with an {@code srun} that notes its arguments and ends with one status after the other. */
    private static int run(Path directory, String statuses) throws Exception {
        String text = Scheduler.SBATCH.render(job(2, null));
        assertThat(text)
                .contains("#SBATCH --ntasks=2\n", "#SBATCH --cpus-per-task=4\n", "#SBATCH --mem=8G\n")
                .contains("#SBATCH --gpus-per-task=1\n", "#SBATCH --time=1:00:00\n");
        Path script = Files.writeString(directory.resolve("job.sh"), text);
        Path srun = Files.writeString(directory.resolve("srun"), """
                #!/usr/bin/env bash
                echo "$*, $OMP_NUM_THREADS threads, $GLOO_SOCKET_IFNAME" >> "$CALLS"
                exit $(echo $STATUSES | cut -d' ' -f$(wc -l < "$CALLS"))
                """);
        assertThat(srun.toFile().setExecutable(true)).isTrue();
        Path scontrol = Files.writeString(directory.resolve("scontrol"), "#!/usr/bin/env bash\necho asked: $*\n");
        assertThat(scontrol.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString());
        builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        builder.environment().put("CALLS", directory.resolve("calls").toString());
        builder.environment().put("STATUSES", statuses);
        builder.environment().put("SLURM_JOB_ID", "77");
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start()
                .waitFor();
    }

    @Test
    void mistakes_name_the_option() {
        assertThatThrownBy(() -> Scheduler.JOBSET.render(job(2, null)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--image");
        assertThatThrownBy(() -> job(0, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--workers");
        for (String memory : List.of("8 GB", "soon", "8g", "12", "-1Gi", "1Mi")) {
            assertThatThrownBy(() -> new Resources(1, memory, 0))
                    .isInstanceOf(InputException.class)
                    .hasMessage("--memory: expected a size of 256Mi or more, as 8Gi or 1500M, received " + memory);
        }
        for (String time : List.of("soon", "1h", "1:2:3:4", "1-", "")) {
            assertThatThrownBy(() -> new SlurmSettings(time, null, 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--time");
        }
        assertThatThrownBy(() -> new Resources(1, "8Gi", 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a worker computes on one device")
                .hasMessageContaining("--workers-per-node");
        for (String name : List.of("7b", "-a", "A", "a_b", "a".repeat(43))) {
            assertThatThrownBy(() -> new ClusterJob(
                            name,
                            1,
                            "",
                            List.of(),
                            List.of(),
                            "",
                            new Resources(1, "1Gi", 0),
                            Pod.of(null, null, "/runs"),
                            SlurmSettings.DEFAULT,
                            0,
                            Map.of()))
                    .as(name)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the first a letter");
        }
    }

    @Test
    void times_are_those_that_sbatch_takes() {
        for (String time : List.of("90", "90:00", "12:00:00", "1-12", "1-12:00", "1-12:00:00", "UNLIMITED")) {
            assertThat(new SlurmSettings(time, null, 1).time()).isEqualTo(time);
        }
    }

    @Test
    void memory_is_written_as_each_scheduler_counts_it() {
        // Kubernetes: M is 10^6 and Mi 2^20 bytes; SLURM: M is 2^20 bytes, of a node.
        assertThat(new Resources(1, "1500M", 0).slurmMemory(1)).isEqualTo("1431M");
        assertThat(new Resources(1, "1500Mi", 0).slurmMemory(2)).isEqualTo("3000M");
        assertThat(new Resources(1, "8Gi", 0).slurmMemory(4)).isEqualTo("32G");
        assertThat(new Resources(1, "1.5G", 0).slurmMemory(1)).isEqualTo("1431M");
        assertThat(new Resources(1, "2T", 0).slurmMemory(1)).isEqualTo("1907349M");
    }

    @Test
    void a_restricted_namespace_takes_the_pods_of_every_target() {
        for (Scheduler target : List.of(Scheduler.JOBSET, Scheduler.PYTORCHJOB)) {
            JsonNode job = documents(target.render(job(2, "i"))).get(1);
            List<JsonNode> pods = job.findParents("containers");
            assertThat(pods).isNotEmpty();
            for (JsonNode pod : pods) {
                // https://kubernetes.io/docs/concepts/security/pod-security-standards, the level "restricted".
                assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                assertThat(pod.at("/securityContext/runAsUser").asInt()).isEqualTo(1000);
                assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                        .isEqualTo("RuntimeDefault");
                JsonNode container = pod.at("/containers/0/securityContext");
                assertThat(container.at("/allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(container.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
            }
        }
    }

    @Test
    void pods_go_where_they_are_told_and_see_the_data() {
        ClusterJob job = new ClusterJob(
                "digits",
                2,
                CONFIGURATION,
                List.of("jumbo"),
                List.of(),
                "/runs/digits",
                new Resources(1, "1Gi", 0),
                new Pod(
                        "i",
                        "team",
                        2000,
                        "runs-claim",
                        "/runs",
                        "data-claim",
                        "/data",
                        List.of("registry-key"),
                        Map.of("disk", "ssd"),
                        List.of("gpu=yes:NoSchedule", "spot", "*")),
                SlurmSettings.DEFAULT,
                0,
                Map.of());
        for (Scheduler target : List.of(Scheduler.JOBSET, Scheduler.PYTORCHJOB)) {
            List<JsonNode> documents = documents(target.render(job));
            documents.forEach(
                    each -> assertThat(each.at("/metadata/namespace").asText()).isEqualTo("team"));
            JsonNode pod = documents.get(1).findParents("containers").get(0);
            assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry-key");
            assertThat(pod.at("/nodeSelector/disk").asText()).isEqualTo("ssd");
            assertThat(pod.at("/tolerations").toString())
                    .isEqualTo("[{\"key\":\"gpu\",\"operator\":\"Equal\",\"value\":\"yes\",\"effect\":\"NoSchedule\"},"
                            + "{\"key\":\"spot\",\"operator\":\"Exists\"},{\"operator\":\"Exists\"}]");
            assertThat(pod.at("/securityContext/fsGroup").asInt()).isEqualTo(2000);
            assertThat(pod.at("/volumes/2/persistentVolumeClaim").toString())
                    .isEqualTo("{\"claimName\":\"data-claim\",\"readOnly\":true}");
            assertThat(pod.at("/containers/0/volumeMounts/2").toString())
                    .isEqualTo("{\"name\":\"data\",\"mountPath\":\"/data\",\"readOnly\":true}");
        }
    }

    @Test
    void workers_of_a_node_are_tasks_with_a_device_each() {
        ClusterJob job = new ClusterJob(
                "digits",
                4,
                CONFIGURATION,
                List.of("jumbo"),
                List.of("digits.yaml"),
                "runs/digits",
                new Resources(2, "8Gi", 1),
                Pod.of(null, null, "/runs"),
                new SlurmSettings(null, null, 2),
                0,
                Map.of());
        assertThat(Scheduler.SBATCH.render(job))
                .contains("#SBATCH --nodes=2\n", "#SBATCH --ntasks=4\n", "#SBATCH --ntasks-per-node=2\n")
                .contains("#SBATCH --gpus-per-task=1\n", "#SBATCH --mem=16G\n");
        assertThatThrownBy(() -> Scheduler.JOBSET.render(job)).isInstanceOf(InputException.class);
    }
}
