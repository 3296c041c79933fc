import type { RunConfig } from '@nx-nixpack/oci';
import { APP, type Lowering } from './phases.js';
import type { Account } from './accounts.js';
import { imageEnvironment } from './environment.js';
import { finalBase, type BaseFacts, type Bases } from './settings.js';

const UNPRIVILEGED_PORT = 8080;

/** The members of the image's configuration that differ from its base's. */
export function imageConfig(lowering: Lowering, bases: Bases, account: Account): RunConfig {
  const { plan, settings } = lowering;
  const base = finalBase(bases);
  const env = imageEnvironment(plan, settings, base);
  const ports = exposedPorts(lowering, account, env);
  const labels = { ...base.config.Labels, ...settings.labels };
  const shell = base.hasBash ? '/bin/bash' : '/bin/sh';
  return {
    User: `${account.uid}:${account.gid}`,
    Env: [...env].map(([name, value]) => `${name}=${value}`),
    Entrypoint: [shell, '-l', '-c'],
    Cmd: plan.start?.cmd === undefined ? [] : [plan.start.cmd],
    WorkingDir: settings.sourceDirectory === '' ? APP : `${APP}/${settings.sourceDirectory}`,
    ...(ports.length === 0 ? {} : { ExposedPorts: portsObject(base, ports) }),
    ...(Object.keys(labels).length === 0 ? {} : { Labels: labels }),
  };
}

/** Where the image comes from (OCI image specification, annotations); a name only where others can pull it. */
export const baseAnnotations = ({ publicName, digest }: BaseFacts): Record<string, string> => ({
  'org.opencontainers.image.base.digest': digest,
  ...(publicName === undefined ? {} : { 'org.opencontainers.image.base.name': publicName }),
});

/**
 * Declared ports, else those that the provider knows. Who is not root cannot listen below 1024:
 * such a program is told PORT=8080, or the one port that was declared, unless PORT is set already.
 */
function exposedPorts(
  { settings, hints }: Lowering,
  account: Account,
  env: Map<string, string>,
): number[] {
  const hinted = hints.ports ?? [];
  const privileged = account.uid !== 0 && hinted.some((port) => port < 1024);
  if (!privileged) return [...(settings.ports.length > 0 ? settings.ports : hinted)];
  const [only, ...more] = settings.ports;
  const chosen = only !== undefined && more.length === 0 && only >= 1024 ? only : UNPRIVILEGED_PORT;
  const port = env.get('PORT') ?? String(chosen);
  env.set('PORT', port);
  if (settings.ports.length > 0) return [...settings.ports];
  return [
    ...(/^\d+$/.test(port) ? [Number(port)] : []),
    ...hinted.filter((other) => other >= 1024),
  ];
}

const portsObject = (base: BaseFacts, ports: readonly number[]): Record<string, object> =>
  Object.fromEntries([
    ...Object.entries(base.config.ExposedPorts ?? {}),
    ...ports.map((port) => [`${port}/tcp`, {}] as const),
  ]);
