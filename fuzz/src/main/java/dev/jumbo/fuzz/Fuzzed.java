package dev.jumbo.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * A test of a parser, {@code void name(byte[] bytes)} of a class {@code XxxFuzzTest} with a constructor without parameters. In the suite it
 * runs on no bytes and on each file of its corpus: the resources beside the class in {@code XxxFuzzTestInputs}, which all methods share, and
 * in {@code XxxFuzzTestInputs/name}. {@code fuzz/run} has it fuzzed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(Corpus.class)
public @interface Fuzzed {}
