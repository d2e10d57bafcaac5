# An image with the jumbo command, for any user: docker build -t jumbo . && docker run --rm jumbo doctor
# With CUDA: docker build --build-arg MAVEN_ARGS=-Pgpu -t jumbo-gpu . (on a base that has CUDA 13; give it by --build-arg BASE=...)
ARG BASE=eclipse-temurin:17-jdk

FROM maven:3.9-eclipse-temurin-17 AS build
ARG MAVEN_ARGS=""
WORKDIR /opt/jumbo
COPY . .
# The class path has the names of this repository's files, so it stays where it is.
RUN mvn -q -B -Dmaven.repo.local=/opt/jumbo/repository $MAVEN_ARGS -pl cli -am -DskipTests -Dspotless.check.skip package \
    && find repository -name '*.pom' -delete

FROM ${BASE}
WORKDIR /opt/jumbo
COPY --from=build /opt/jumbo /opt/jumbo
# The archive of classes, while this user may still write here; not the natives that it was made with.
RUN ln -s /opt/jumbo/jumbo /usr/local/bin/jumbo && jumbo version && rm -rf ~/.javacpp && chmod -R a+rX /opt/jumbo
USER 1000:1000
# Natives are unpacked below the home directory, once for a container.
ENV HOME=/tmp
WORKDIR /tmp
ENTRYPOINT ["jumbo"]
