/**
 * What a training leaves behind: complete or invisible, and checked before it is used.
 *
 * <pre>
 * runs/NAME/
 *   checkpoints/step-00007500/
 *     model.json              input fields, layers, preprocessing, loss
 *     model.safetensors       weights, in PyTorch's names and order
 *     optimizer.safetensors   flat optimizer state, and what else a resume needs as tensors; of N workers that
 *                             divide it, optimizer-00000-of-0000N.safetensors and so on, each with its ranges
 *     trainer.json            epoch, step, position in the epoch, best metric, state of callbacks
 *     manifest.json           size and SHA-256 of each file, versions, data fingerprint, seed
 *   LATEST  BEST              the names of two of them
 * </pre>
 */
@NullMarked
package dev.jumbo.train.checkpoint;

import org.jspecify.annotations.NullMarked;
