/** Where the keeper holds FIFO 0; the others follow. Below are its own. */
export const FIRST_HELD_FD = 20;
export const CONTROL_FD = 7;

/**
 * The keeper's program, for bash 3.2 and later. Its folder is the session's, its input the FIFO `$3`, of which the
 * server alone is a writer: end of input says that the server is dead. `$1`: for how many seconds it then waits;
 * `$2`: descriptors that it was passed on and is to close.
 *
 * - A FIFO is opened for reading and writing first (fd 9), because opening one end alone waits for the other.
 * - Only the read end of an output FIFO is held, so that "no writer is left" stays visible to the server.
 * - Each line (`verb fd name`) is answered by `K fd` on the status FIFO.
 * - It looks up once a minute while it has no server, and only then: a folder that is gone needs no keeper.
 */
export const KEEPER_SCRIPT = `
trap '' HUP INT QUIT TERM TSTP PIPE
for fd in $2; do eval "exec $fd>&-"; done
exec ${CONTROL_FD}<>control 8<>status
exec 9<>own-stdout 5<own-stdout 9<&-
exec 9<>own-stderr 6<own-stderr 9<&-
life=$1
orders=$3
obey() {
  case $1 in
  r) exec 9<>"$3" && eval "exec $2<$3 9<&-" ;;
  w) exec 9<>"$3" && eval "exec $2>$3 9<&-" ;;
  c) eval "exec $2<&-" ;;
  a) exec 0<"$orders" ;;
  q) exit ;;
  esac
  printf 'K %s\\0' "$2" >&8
}
while :; do
  if read -r verb fd name; then
    obey "$verb" "$fd" "$name"
    continue
  fi
  exec 0<>"$orders"
  waited=0
  verb=
  until [ "$verb" = a ]; do
    verb=
    if read -r -t 60 verb fd name; then obey "$verb" "$fd" "$name"; continue; fi
    waited=$((waited + 60))
    [ $waited -lt $life ] && [ -p control ] || exit
  done
done
`;
