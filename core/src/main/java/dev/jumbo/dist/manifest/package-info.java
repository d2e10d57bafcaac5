/**
 * What other schedulers are told so that they start the workers of a run: manifests for Kubernetes and a script for SLURM.
 * Nothing here talks to a cluster: the text is for {@code kubectl apply -f -} and {@code sbatch}.
 */
@NullMarked
package dev.jumbo.dist.manifest;

import org.jspecify.annotations.NullMarked;
