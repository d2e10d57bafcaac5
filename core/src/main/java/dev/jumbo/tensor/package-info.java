/**
 * Tensors on libtorch: the only room that imports {@code org.bytedeco}.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2)).requiresGrad(true);
 *     Tensor loss = x.mul(x).sum();
 *     loss.backward();
 *     float[] gradient = x.grad().toFloats();   // 2, 4, 6, 8
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@link dev.jumbo.tensor.Tensor} has the operations under PyTorch's names, {@link
 *       dev.jumbo.tensor.Functional} those that PyTorch keeps in {@code torch.nn.functional}.
 *   <li>{@link dev.jumbo.tensor.Scope} frees native memory; {@link dev.jumbo.tensor.NativeMemory} counts it.
 *   <li>{@link dev.jumbo.tensor.RandomState}: one seed, from which every other is derived by name.
 *   <li>{@link dev.jumbo.tensor.Safetensors} reads and writes the file format of weights.
 * </ul>
 *
 * Starting up applies what makes libtorch fast on the JVM: OpenBLAS on one thread, matrix products through oneDNN, the
 * C allocator kept from returning large blocks.
 */
@NullMarked
package dev.jumbo.tensor;

import org.jspecify.annotations.NullMarked;
