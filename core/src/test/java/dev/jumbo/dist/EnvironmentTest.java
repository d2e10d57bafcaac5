package dev.jumbo.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
    private static Map<String, String> variables(String... pairs) {
        Map<String, String> variables = new HashMap<>();
        for (String pair : pairs) {
            String[] parts = pair.split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        return variables;
    }

    private static Placement placement(String... pairs) {
        return Environment.placement(variables(pairs)).orElseThrow();
    }

    private static void refused(String message, String... pairs) {
        assertThatThrownBy(() -> Environment.placement(variables(pairs)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void without_a_launcher_there_is_no_placement() {
        assertThat(Environment.placement(Map.of("PATH", "/bin"))).isEmpty();
    }

    @Test
    void torchrun_says_everything() {
        assertThat(placement(
                        "RANK=5",
                        "WORLD_SIZE=8",
                        "LOCAL_RANK=1",
                        "LOCAL_WORLD_SIZE=4",
                        "MASTER_ADDR=node0",
                        "MASTER_PORT=29500"))
                .isEqualTo(new Placement(5, 8, 1, 4, "node0", 29_500, false, 0));
    }

    @Test
    void mpiexec_of_mpich_says_rank_size_and_place_on_the_machine() {
        assertThat(placement(
                        "PMI_RANK=3",
                        "PMI_SIZE=4",
                        "MPI_LOCALRANKID=1",
                        "MPI_LOCALNRANKS=2",
                        "MASTER_ADDR=node0",
                        "MASTER_PORT=29500"))
                .isEqualTo(new Placement(3, 4, 1, 2, "node0", 29_500, false, 0));
        assertThat(placement("PMI_RANK=0", "PMI_SIZE=1").size()).isEqualTo(1);
        refused("mpiexec -genv MASTER_ADDR", "PMI_RANK=0", "PMI_SIZE=2");
        refused("PMI_SIZE", "PMI_RANK=0");
        refused("ambiguous", "PMI_RANK=0", "PMI_SIZE=2", "RANK=0", "WORLD_SIZE=4", "MASTER_ADDR=a", "MASTER_PORT=1");
    }

    @Test
    void mvapich_says_the_same() {
        assertThat(placement(
                                "MV2_COMM_WORLD_RANK=1",
                                "MV2_COMM_WORLD_SIZE=2",
                                "MV2_COMM_WORLD_LOCAL_RANK=1",
                                "MV2_COMM_WORLD_LOCAL_SIZE=2",
                                "MASTER_ADDR=a",
                                "MASTER_PORT=5")
                        .rank())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "JOB_COMPLETION_INDEX=0",
        "JOB_COMPLETION_INDEX=2",
        "PMIX_RANK=0",
        "PALS_RANKID=1",
        "ALPS_APP_PE=1",
        "JSM_NAMESPACE_RANK=0",
        "FLUX_TASK_RANK=0"
    })
    void one_of_several_of_unknown_number_is_refused_unless_it_says_that_it_is_alone(String variable) {
        refused("set", variable);
        assertThat(Environment.placement(variables(variable, "WORLD_SIZE=1"))).isEmpty();
    }

    @Test
    void torchrun_counts_the_attempts_that_share_a_store() {
        String[] again = {
            "RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=a", "MASTER_PORT=1", "TORCHELASTIC_RESTART_COUNT=2", "served"
        };
        again[5] = "TORCHELASTIC_USE_AGENT_STORE=True";
        assertThat(placement(again).attempt()).isEqualTo(2);
        again[5] = "TORCHELASTIC_USE_AGENT_STORE=False";
        assertThat(placement(again).attempt()).as("rank 0 serves it anew").isZero();
    }

    @Test
    void torchruns_agent_may_serve_the_store() {
        assertThat(placement(
                                "RANK=0",
                                "WORLD_SIZE=2",
                                "MASTER_ADDR=a",
                                "MASTER_PORT=1",
                                "TORCHELASTIC_USE_AGENT_STORE=True")
                        .storeIsServed())
                .isTrue();
    }

    @Test
    void srun_names_the_tasks_and_the_first_node() {
        assertThat(placement(
                        "SLURM_JOB_ID=1234567",
                        "SLURM_STEP_ID=0",
                        "SLURM_PROCID=3",
                        "SLURM_NTASKS=4",
                        "SLURM_LOCALID=1",
                        "SLURM_STEP_NODELIST=gpu[003-004]"))
                .isEqualTo(new Placement(3, 4, 1, 2, "gpu003", 20_000 + 1_234_567 % 10_000, false, 0));
    }

    @Test
    void a_batch_script_of_slurm_is_no_worker() {
        assertThat(Environment.placement(
                        variables("SLURM_JOB_ID=1", "SLURM_PROCID=0", "SLURM_NTASKS=4", "SLURM_JOB_NODELIST=n1")))
                .isEmpty();
    }

    @Test
    void mpirun_needs_to_be_told_where_rank_0_is() {
        String[] mpi = {
            "OMPI_COMM_WORLD_RANK=1",
            "OMPI_COMM_WORLD_SIZE=2",
            "OMPI_COMM_WORLD_LOCAL_RANK=1",
            "OMPI_COMM_WORLD_LOCAL_SIZE=2"
        };
        refused("mpirun -x MASTER_ADDR", mpi);
        Map<String, String> told = variables(mpi);
        told.put("MASTER_ADDR", "10.0.0.1");
        told.put("MASTER_PORT", "4000");
        assertThat(Environment.placement(told)).contains(new Placement(1, 2, 1, 2, "10.0.0.1", 4000, false, 0));
    }

    @Test
    void a_jobset_gives_the_index_of_the_pod() {
        assertThat(placement("JOB_COMPLETION_INDEX=2", "WORLD_SIZE=3", "MASTER_ADDR=run-0-0.run", "MASTER_PORT=29500"))
                .isEqualTo(new Placement(2, 3, 0, 1, "run-0-0.run", 29_500, false, 0));
    }

    @Test
    void a_world_size_without_a_rank_could_mean_nodes() {
        refused("WORLD_SIZE=2 is set but RANK is not", "WORLD_SIZE=2", "MASTER_ADDR=a", "MASTER_PORT=1");
        refused("RANK=1 is set but WORLD_SIZE is not", "RANK=1");
        refused("LOCAL_WORLD_SIZE=8", "RANK=0", "WORLD_SIZE=2", "LOCAL_RANK=0", "LOCAL_WORLD_SIZE=8");
    }

    @Test
    void launchers_that_contradict_each_other_are_named_with_their_variables() {
        assertThatThrownBy(() -> placement(
                        "RANK=0",
                        "WORLD_SIZE=2",
                        "MASTER_ADDR=a",
                        "MASTER_PORT=1",
                        "SLURM_STEP_ID=0",
                        "SLURM_PROCID=1",
                        "SLURM_NTASKS=2"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("torchrun says rank 0 of 2, but SLURM says rank 1 of 2")
                .hasMessageContaining("RANK=0")
                .hasMessageContaining("SLURM_PROCID=1");
        refused(
                "WORLD_SIZE=2, but OpenMPI set OMPI_COMM_WORLD_SIZE=16",
                "WORLD_SIZE=2",
                "OMPI_COMM_WORLD_RANK=3",
                "OMPI_COMM_WORLD_SIZE=16");
    }

    @Test
    void torchrun_inside_a_task_of_srun_counts() {
        assertThat(placement(
                                "TORCHELASTIC_RUN_ID=x",
                                "RANK=3",
                                "WORLD_SIZE=4",
                                "MASTER_ADDR=a",
                                "MASTER_PORT=1",
                                "SLURM_STEP_ID=0",
                                "SLURM_PROCID=1",
                                "SLURM_NTASKS=2")
                        .rank())
                .isEqualTo(3);
    }

    @Test
    void values_that_cannot_be_are_refused() {
        refused("number in the variable RANK", "RANK=first", "WORLD_SIZE=2");
        refused("a rank from 0 to 1", "RANK=2", "WORLD_SIZE=2", "MASTER_ADDR=a", "MASTER_PORT=1");
        refused("MASTER_ADDR", "RANK=0", "WORLD_SIZE=2");
        refused("MASTER_PORT", "RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node1|node1",
                "node1,node2|node1",
                "gpu[003-006,9],login|gpu003",
                "a[7]-x,b|a7-x",
                "n2,gpu[1-2]|n2"
            })
    void the_first_host_of_a_list(String list, String first) {
        assertThat(HostList.first(list)).isEqualTo(first);
    }
}
