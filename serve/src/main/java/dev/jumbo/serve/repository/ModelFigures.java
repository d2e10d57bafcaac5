package dev.jumbo.serve.repository;

/**
 * What has become of the versions of a model since the server was started.
 *
 * @param ready versions that answer
 * @param loaded loads that ended well
 * @param failed loads that did not, those without memory included
 * @param rolledBack canaries that were taken out of service
 * @param promoted canaries that took over
 */
public record ModelFigures(String model, int ready, long loaded, long failed, long rolledBack, long promoted) {}
