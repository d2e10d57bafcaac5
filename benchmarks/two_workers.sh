# Two workers on this machine's loopback, or in two network namespaces with a link of a known rate between them. Sourced by
# bash scripts that have set home and target.

require_namespaces() { # name of the script
  if [[ "$(id -u)" != 0 ]] || ! command -v ip >/dev/null || ! command -v tc >/dev/null; then
    echo "$1: expected root with ip and tc, to make network namespaces; found neither or only one" >&2
    exit 2
  fi
}

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
(cd "$home" && mvn -q -B -pl benchmarks -am -DskipTests -Dspotless.check.skip package) >&2
class_path="$(echo "$target"/benchmarks-*.jar):$(<"$target/classpath.txt")"
unset OPENBLAS_CORETYPE
export OMP_NUM_THREADS=1 GLIBC_TUNABLES=glibc.malloc.hugetlb=1 MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 \
  MALLOC_TRIM_THRESHOLD_=20000000000

one="jumbo-one-$$"
two="jumbo-two-$$"
down() {
  ip netns del "$one" 2>/dev/null || true
  ip netns del "$two" 2>/dev/null || true
}
trap down EXIT

up() { # Mbit/s
  down
  ip netns add "$one"
  ip netns add "$two"
  ip link add jumbo1 netns "$one" type veth peer name jumbo2 netns "$two"
  ip -n "$one" addr add 10.77.0.1/24 dev jumbo1
  ip -n "$two" addr add 10.77.0.2/24 dev jumbo2
  local side
  for side in "$one jumbo1" "$two jumbo2"; do
    set -- $1 $side
    ip -n "$2" link set lo up
    ip -n "$2" link set "$3" up
    # One packet at a time on the wire: segments that the network card would cut up later are larger than the bucket.
    ip netns exec "$2" ethtool -K "$3" tso off gso off >/dev/null 2>&1 || ip -n "$2" link set dev "$3" gso_max_segs 1
    # The bucket must hold what the rate lets through between two ticks of the kernel (4 ms).
    tc -n "$2" qdisc add dev "$3" root tbf rate "${1}mbit" burst "$(($1 * 500 + 3000))" latency 100ms
  done
}

worker() { # rank, master address, class, arguments ...
  local rank="$1" master="$2" class="$3"
  shift 3
  RANK=$rank WORLD_SIZE=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=$master MASTER_PORT=29477 \
    "${within[@]}" "$java" -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -XX:+UseSerialGC -Xmx512m \
    -cp "$class_path" "dev.jumbo.benchmarks.$class" "$@"
}

loopback() { # class, arguments ...: the output of rank 0
  local within=(env)
  worker 1 127.0.0.1 "$@" &
  local other=$!
  worker 0 127.0.0.1 "$@"
  wait "$other"
}

pair() { # class, arguments ...: the output of rank 0
  local within=(ip netns exec "$two")
  worker 1 10.77.0.1 "$@" &
  local other=$!
  within=(ip netns exec "$one")
  worker 0 10.77.0.1 "$@"
  wait "$other"
}
