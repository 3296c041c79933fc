import type { BuildPlan, Phase, StartPhase } from '@nx-nixpack/plan';
import { nixFilePath, nixFiles, sortedPhases, usesNix } from './nix-files.js';
import { phaseOrder } from '@nx-nixpack/plan';

export interface DockerfileOptions {
  /** Prefix of the cache mounts' names; without one there are no cache mounts. */
  readonly cacheKey?: string;
}

/**
 * The Dockerfile that nixpacks 1.41.0 would write for a plan, for reading and comparing.
 * Our engines do not use it: it runs as root and bakes every variable into the image.
 */
export function nixpacksDockerfile(plan: BuildPlan, options: DockerfileOptions = {}): string {
  const phases = phaseOrder(plan).map((name) => ({ ...plan.phases?.[name], name }));
  const blocks = [
    ['FROM ' + (plan.buildImage ?? ''), ...SHELL],
    nixLines(plan),
    aptLines(plan),
    Object.keys(plan.staticAssets ?? {}).length > 0 ? ['COPY .nixpacks/assets /assets/'] : [],
    variableLines(Object.keys(plan.variables ?? {})),
    ...phases.map((phase) => phaseLines(phase, options.cacheKey)),
    phases.flatMap((phase) => profileLines(phase)),
    ['# start', ...startLines(plan.start ?? {})],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const SHELL = ['ENTRYPOINT ["/bin/bash", "-l", "-c"]', 'WORKDIR /app/'] as const;

function nixLines(plan: BuildPlan): readonly string[] {
  const files = nixFiles(plan);
  const phases = sortedPhases(plan).filter(usesNix);
  const copies = files.flatMap(({ archive }) =>
    phases
      .filter((phase) => phase.nixpkgsArchive === archive)
      .flatMap((phase) => fileCopies(phase)),
  );
  const installs = files.flatMap(({ archive }) => {
    const path = nixFilePath(archive);
    return [`COPY ${path} ${path}`, `RUN nix-env -if ${path} && nix-collect-garbage -d`];
  });
  return [...copies, ...installs];
}

/** Packages of all phases are installed at once, before the first phase runs. */
function aptLines(plan: BuildPlan): readonly string[] {
  const packages = sortedPhases(plan).flatMap((phase) => phase.aptPkgs ?? []);
  if (packages.length === 0) return [];
  return [
    `RUN sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  ];
}

/** Values arrive with `--build-arg` only. */
function variableLines(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const copies = names.map((name) => `${name.trim()}=$${name.trim()}`);
  return [`ARG ${names.join(' ')}`, `ENV ${copies.join(' ')}`];
}

function phaseLines(
  phase: Phase & { name: string },
  cacheKey: string | undefined,
): readonly string[] {
  const { cmds = [], paths } = phase;
  const title = `# ${phase.name} phase`;
  if (cmds.length + (paths?.length ?? 0) === 0) return [title, '# noop'];
  const mounts = cacheKey === undefined ? '' : cacheMounts(phase.cacheDirectories ?? [], cacheKey);
  return [
    title,
    ...(paths === undefined ? [] : [`ENV NIXPACKS_PATH=${paths.join(':')}:$NIXPACKS_PATH`]),
    ...(phase.onlyIncludeFiles === undefined ? ['COPY . /app/.'] : fileCopies(phase)),
    ...cmds.map((command) => `RUN ${mounts} ${command}`),
  ];
}

const fileCopies = (phase: Phase): readonly string[] =>
  (phase.onlyIncludeFiles ?? []).map((file) => `COPY ${file} ${inApp(file.replace(/^\.\//, ''))}`);

const inApp = (path: string): string => (path.startsWith('/') ? path : `/app/${path}`);

function cacheMounts(directories: readonly string[], key: string): string {
  return directories
    .map((directory) => directory.replaceAll('~', '/root'))
    .map((directory) => {
      const id = `${key}-${directory}`.replaceAll('.', '').replaceAll(' ', '-');
      return `--mount=type=cache,id=${id},target=${inApp(directory)}`;
    })
    .join(' ');
}

function profileLines({ paths }: Phase): readonly string[] {
  return paths === undefined
    ? []
    : [`RUN printf '\\nPATH=${paths.join(':')}:$PATH' >> /root/.profile`];
}

function startLines({ cmd, runImage, onlyIncludeFiles = [], user }: StartPhase): readonly string[] {
  const files = onlyIncludeFiles.map((file) => inApp(file.replace(/^\.\//, '')));
  const copied = files.length === 0 ? ['/app/'] : files;
  const stage = [
    `FROM ${runImage ?? ''}`,
    ...SHELL,
    'COPY --from=0 /etc/ssl/certs /etc/ssl/certs',
    'RUN true',
    ...copied.map((path) => `COPY --from=0 ${path} ${path}`),
  ];
  return [
    ...(runImage === undefined ? ['COPY . /app'] : stage),
    ...(user === undefined ? [] : [`RUN useradd -m -s /bin/bash ${user}`, `USER ${user}`]),
    ...(cmd === undefined ? [] : [`CMD ["${cmd.replaceAll('"', '\\"')}"]`]),
  ];
}
