/**
 * Runs as the first process of a step's namespaces, by the host's bash and with the host's programs: nothing of the
 * image runs before the host's root is gone. Arguments: MERGED HOST WORKDIR NETWORK PRIVATE, then the command.
 *
 * `nsenter` gives a second shell a root of its own (a bind of the host's root that goes away with it), so that it can
 * still find `umount` after the namespace's root has become the image's. That shell detaches the host's root, drops
 * what a build does not need of root's powers, and becomes the command. The first one ends everything that is left
 * when the command is done, and waits until all output has passed: through pipes, because programs write to
 * /dev/stdout, which a socket refuses.
 */
export const SANDBOX_SCRIPT = `
set -eu
merged=$1 host=$2 workdir=$3 network=$4 private=$5
shift 5
for entry in /proc/self/fd/*; do
  fd=\${entry##*/}
  if (( fd > 2 )); then eval "exec $fd>&-"; fi
done
umask 022
ulimit -c 0
echo nixpack > /proc/sys/kernel/hostname
if [ "$network" = off ]; then
  ip link set lo up 2>/dev/null || perl -e 'socket(S, 2, 2, 0) && ioctl(S, 0x8914, pack("a16sx22", "lo", 73)) || exit 1'
fi
mount --all --fstab "$private/mounts"
exec 3> >(exec cat)
out=$!
exec 4> >(exec cat >&2)
err=$!
exec 5</ 6>"$private/started"
if [ -e "$private/secret-variables" ]; then
  exec 9<"$private/secret-variables"
  rm "$private/secret-variables"
fi
cd "$merged"
nsenter --root="$host" --wd=. -- bash -euc '
  workdir=$1
  shift
  nsenter --root=/proc/self/fd/5 --wd=. -- pivot_root . run/nixpack/host
  exec 5<&-
  umount --no-canonicalize --no-mtab --lazy run/nixpack/host
  echo started >&6
  exec 6>&-
  exec setpriv --bounding-set "$0" --inh-caps -all -- unshare --root=. --wd="$workdir" "$@"
' "-all,+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write" "$workdir" "$@" >&3 2>&4 3>&- 4>&- &
child=$!
exec 3>&- 4>&- 5<&- 6>&-
code=0
wait $child || code=$?
for entry in /proc/[0-9]*; do
  pid=\${entry##*/}
  case $pid in 1|$out|$err) ;; *) kill -9 $pid 2>/dev/null || : ;; esac
done
wait $out $err
exit $code
`;
