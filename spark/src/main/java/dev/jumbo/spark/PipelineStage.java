package dev.jumbo.spark;

/** One stage of a pipeline, as a file names it: a record with a {@link dev.jumbo.config.Kind}. */
public interface PipelineStage {}
