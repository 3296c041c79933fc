/**
 * A login shell, as nixpacks has it: it reads /etc/profile and with it /etc/profile.d/nixpack.sh, which the recipe writes.
 * A command fails when any part of a pipe does.
 */
export const LOGIN_BASH: readonly string[] = ['/bin/bash', '-l', '-o', 'pipefail', '-c'];
