package dev.jumbo.cli;

import dev.jumbo.config.Doc;
import dev.jumbo.data.source.DataConfig;

/** A configuration for {@code prepare} alone, without a model. */
@Doc("Data to prepare.")
record PrepareConfig(@Doc("What is read and cleaned.") DataConfig data) {}
