/**
 * Runs as the first process of a step's namespaces, by the host's bash and with the host's programs: nothing of the
 * image runs before the host's root is gone. Arguments: MERGED HOST WORKDIR NETWORK PRIVATE, then the
 * command.
 *
 * `nsenter` gives a second shell a root of its own (a bind of the host's root that goes away with it), so that it can
 * still find `umount` after the namespace's root has become the image's. That shell detaches the host's root, drops
 * what a build does not need of root's powers, and becomes the command; the first one waits and collects orphans.
 */
export const SANDBOX_SCRIPT = `
set -eu
merged=$1 host=$2 workdir=$3 network=$4 private=$5
shift 5
for entry in /proc/self/fd/*; do
  fd=\${entry##*/}
  if (( fd > 2 )); then eval "exec $fd>&-"; fi
done
exec 6>"$private/started"
umask 022
ulimit -c 0
if [ "$network" = off ]; then
  ip link set lo up 2>/dev/null || perl -e 'socket(S, 2, 2, 0) && ioctl(S, 0x8914, pack("a16sx22", "lo", 73)) || exit 1'
fi
echo nixpack > /proc/sys/kernel/hostname
mount --all --fstab "$private/mounts"
cd "$merged"
mkdir -p dev/pts dev/shm run/lock run/secrets run/nixpack .nixpack-host
chmod 1777 run/lock dev/shm tmp
for node in null zero full random urandom tty; do : > dev/$node; done
while IFS= read -r -d '' directory; do mkdir -p "$directory"; done < "$private/directories"
while IFS= read -r -d '' file; do : >> "$file"; done < "$private/files"
mount --all --fstab "$private/binds"
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
ln -s pts/ptmx dev/ptmx
exec 5</
nsenter --root="$host" --wd=. -- bash -euc '
  workdir=$1
  shift
  nsenter --root=/proc/self/fd/5 --wd=. -- pivot_root . .nixpack-host
  exec 5<&-
  umount --no-canonicalize --no-mtab --lazy .nixpack-host
  rmdir .nixpack-host
  echo started >&6
  exec 6>&-
  exec setpriv --bounding-set "$0" --inh-caps -all -- unshare --root=. --wd="$workdir" "$@"
' "-all,+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write" "$workdir" "$@" &
child=$!
exec 5<&- 6>&-
wait $child
`;
