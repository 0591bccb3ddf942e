# Runs one private RabbitMQ node with its epmd and ends both together: on a signal, when the node ends, and, when
# watching its caller, as soon as standard input closes, which it does however the caller dies.
# Arguments: the rabbitmq-server script, the data folder, "caller" or "nobody". The rest comes by environment.
set -u
server=$1 data=$2 watched=$3
watcher=
exec >>"$data/log/output.log" 2>&1
echo $$ > "$data/supervisor.pid"
rm -f "$data/node.pid"

epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" </dev/null >/dev/null 2>&1 &
epmd=$!
tries=0
while ! epmd -port "$ERL_EPMD_PORT" -names >/dev/null 2>&1 && [ $tries -lt 50 ]; do
  sleep 0.1
  tries=$((tries + 1))
done

"$server" </dev/null &
node=$!

end() {
  trap - EXIT TERM INT HUP
  kill -TERM "$node" 2>/dev/null
  tenths=0
  while kill -0 "$node" 2>/dev/null && [ $tenths -lt 100 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
  done
  if kill -0 "$node" 2>/dev/null; then
    [ -s "$data/node.pid" ] && kill -KILL "$(cat "$data/node.pid")" 2>/dev/null
    kill -KILL "$node" 2>/dev/null
  fi
  kill "$epmd" 2>/dev/null
  [ -n "$watcher" ] && kill "$watcher" 2>/dev/null
  rm -f "$data/supervisor.pid"
}
trap 'end; exit 0' TERM INT HUP
trap end EXIT

if [ "$watched" = caller ]; then
  exec 3<&0
  (cat <&3 >/dev/null; kill -TERM $$) &
  watcher=$!
fi
wait "$node"
