package dev.jumbo.dist.manifest;

/** Who is to start the workers. */
public enum Scheduler {
    /** Kubernetes with the training operator of Kubeflow, version 1: a {@code PyTorchJob}, which sets torchrun's variables. */
    PYTORCHJOB {
        @Override
        public String render(ClusterJob job) {
            return Kubernetes.pyTorchJob(job);
        }
    },
    /** Kubernetes with the JobSet controller: an indexed job behind a headless service. */
    JOBSET {
        @Override
        public String render(ClusterJob job) {
            return Kubernetes.jobSet(job);
        }
    },
    /** SLURM: a batch script that starts the workers by {@code srun}. */
    SBATCH {
        @Override
        public String render(ClusterJob job) {
            return Slurm.batchScript(job);
        }
    };

    /** The text for the scheduler. @throws dev.jumbo.error.InputException if something is missing that it needs */
    public abstract String render(ClusterJob job);
}
