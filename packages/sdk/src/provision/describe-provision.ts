import { sanitize } from '@nx-nixpack/base';
import type { Archive } from '@nx-nixpack/channels';
import type { Provision } from '@nx-nixpack/engine';

/** What was resolved, for people: a line for Debian's packages, one a runtime. */
export function describeProvision({ release, base, run, build, runtimes }: Provision): string[] {
  const parts = [
    ...(base ? [`base ${counted(base)}`] : []),
    ...(run.length > 0 ? [`image ${counted(run)}`] : []),
    ...(build.length > 0 ? [`build ${counted(build)}`] : []),
  ];
  const lines = runtimes.map(({ name, version, wanted, archives }) => {
    const channels = [...new Set(archives.map(({ channel }) => channel))];
    const from = channels.length > 0 ? ` from ${channels.join(', ')}` : '';
    return `runtime  ${name} ${version}${from}${wanted === '' ? '' : `, wanted ${wanted}`}`;
  });
  return [`debian   ${release}: ${parts.join(', ') || 'nothing'}`, ...lines].map(sanitize);
}

const counted = (archives: readonly Archive[]): string =>
  `${archives.length} packages (${megabytes(archives)})`;

/** Their sum, as it is downloaded. */
export const megabytes = (archives: readonly Pick<Archive, 'size'>[]): string =>
  `${(archives.reduce((sum, { size }) => sum + size, 0) / 1e6).toFixed(1)} MB`;
