/**
 * How a program is started so that nothing of it outlives the caller: the kernel ends `unshare` when the calling thread
 * dies, its child when `unshare` dies, and all of the pid namespace when its first process dies. `unshare` alone does
 * not do that. The death signal belongs to the thread, so callers must be the main thread.
 */
export function inNamespaces(program: { file: string; args: readonly string[] }): {
  file: string;
  args: string[];
} {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const guard = ['--pdeathsig', 'SIGKILL', '--', 'unshare', ...namespaces, '--'];
  return { file: 'setpriv', args: [...guard, program.file, ...program.args] };
}
