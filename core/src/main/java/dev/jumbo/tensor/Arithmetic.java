package dev.jumbo.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;

/** What is computed from tensors, value by value or as matrices: apart from {@link Tensor} only to keep that file readable. */
abstract sealed class Arithmetic extends Creation permits Contents {
    abstract org.bytedeco.pytorch.Tensor handle();

    final Tensor self() {
        return (Tensor) this;
    }

    // ---- arithmetic -----------------------------------------------------------------------------------------------

    public Tensor add(Tensor other) {
        return Tensor.wrap(handle().add(other.handle()));
    }

    public Tensor add(double other) {
        return Tensor.wrap(handle().add(new Scalar(other)));
    }

    public Tensor add_(Tensor other) {
        handle().add_(other.handle());
        return self();
    }

    /** Adds {@code factor * other}. */
    public Tensor add_(Tensor other, double factor) {
        handle().add_(other.handle(), new Scalar(factor));
        return self();
    }

    public Tensor add_(double other) {
        handle().add_(new Scalar(other));
        return self();
    }

    public Tensor sub(Tensor other) {
        return Tensor.wrap(handle().sub(other.handle()));
    }

    public Tensor sub(double other) {
        return Tensor.wrap(handle().sub(new Scalar(other)));
    }

    public Tensor mul(Tensor other) {
        return Tensor.wrap(handle().mul(other.handle()));
    }

    public Tensor mul(double other) {
        return Tensor.wrap(handle().mul(new Scalar(other)));
    }

    public Tensor mul_(Tensor other) {
        handle().mul_(other.handle());
        return self();
    }

    public Tensor mul_(double other) {
        handle().mul_(new Scalar(other));
        return self();
    }

    public Tensor div(Tensor other) {
        return Tensor.wrap(handle().div(other.handle()));
    }

    public Tensor div(double other) {
        return Tensor.wrap(handle().div(new Scalar(other)));
    }

    public Tensor div_(Tensor other) {
        handle().div_(other.handle());
        return self();
    }

    public Tensor neg() {
        return Tensor.wrap(handle().neg());
    }

    public Tensor abs() {
        return Tensor.wrap(handle().abs());
    }

    public Tensor sign() {
        return Tensor.wrap(handle().sign());
    }

    public Tensor exp() {
        return Tensor.wrap(handle().exp());
    }

    public Tensor log() {
        return Tensor.wrap(handle().log());
    }

    public Tensor ceil() {
        return Tensor.wrap(handle().ceil());
    }

    public Tensor sqrt() {
        return Tensor.wrap(handle().sqrt());
    }

    public Tensor pow(double exponent) {
        return Tensor.wrap(handle().pow(new Scalar(exponent)));
    }

    public Tensor clamp(double low, double high) {
        return Tensor.wrap(handle().clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))));
    }

    public Tensor clamp_(double low, double high) {
        handle().clamp_(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
        return self();
    }

    /** Moves towards another tensor: {@code this + weight * (end - this)}. */
    public Tensor lerp_(Tensor end, double weight) {
        handle().lerp_(end.handle(), new Scalar(weight));
        return self();
    }

    /** Adds {@code factor * a * b}. */
    public Tensor addcmul_(Tensor a, Tensor b, double factor) {
        handle().addcmul_(a.handle(), b.handle(), new Scalar(factor));
        return self();
    }

    /** Adds {@code factor * a / b}. */
    public Tensor addcdiv_(Tensor a, Tensor b, double factor) {
        handle().addcdiv_(a.handle(), b.handle(), new Scalar(factor));
        return self();
    }

    public Tensor matmul(Tensor other) {
        return Tensor.wrap(handle().matmul(other.handle()));
    }

    /** {@code beta this + alpha a b} of matrices, rounded once. */
    public Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
        return Tensor.wrap(handle().addmm(a.handle(), b.handle(), new Scalar(beta), new Scalar(alpha)));
    }

    // ---- comparison -----------------------------------------------------------------------------------------------

    public Tensor eq(Tensor other) {
        return Tensor.wrap(handle().eq(other.handle()));
    }

    public Tensor gt(double other) {
        return Tensor.wrap(handle().gt(new Scalar(other)));
    }

    public Tensor gt(Tensor other) {
        return Tensor.wrap(handle().gt(other.handle()));
    }

    public Tensor ge(double other) {
        return Tensor.wrap(handle().ge(new Scalar(other)));
    }

    /** Where a condition (BOOL) holds, the values of this one; elsewhere those of the other. */
    public Tensor where(Tensor condition, Tensor other) {
        return Tensor.wrap(torch.where(condition.handle(), handle(), other.handle()));
    }

    public Tensor isFinite() {
        return Tensor.wrap(handle().isfinite());
    }

    public Tensor all() {
        return Tensor.wrap(handle().all());
    }

    // ---- reductions -----------------------------------------------------------------------------------------------

    public Tensor sum() {
        return Tensor.wrap(handle().sum());
    }

    public Tensor sum(boolean keep, long... dims) {
        return Tensor.wrap(handle().sum(dims, keep, new ScalarTypeOptional()));
    }

    public Tensor mean() {
        return Tensor.wrap(handle().mean());
    }

    public Tensor mean(boolean keep, long... dims) {
        return Tensor.wrap(handle().mean(dims, keep, new ScalarTypeOptional()));
    }

    public Tensor amax(boolean keep, long... dims) {
        return Tensor.wrap(handle().amax(dims, keep));
    }

    public Tensor max() {
        return Tensor.wrap(handle().max());
    }

    public Tensor min() {
        return Tensor.wrap(handle().min());
    }

    public Tensor argmax(int dim) {
        return Tensor.wrap(handle().argmax(new LongOptional(dim), false));
    }

    /** The Euclidean norm of all elements. */
    public Tensor norm() {
        return Tensor.wrap(handle().norm());
    }
}
